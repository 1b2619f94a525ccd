import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { callersEnvironment } from '@platform/e2e/fixtures/callers-environment';
import { replaceEstate } from '@platform/e2e/fixtures/example-workspace';
import type { WorkspaceFacts } from './probe-workspace';

/** The root of the workspace that the tests are part of. */
export const workspaceRoot = join(__dirname, '..', '..', '..');

/** What Nx and synth say of the workspace at `root`, asked in a process of its own. */
export function probeWorkspace(root: string, files: readonly string[]): WorkspaceFacts {
  const probe = join(root, 'tools', 'nx-plugin', 'testing', 'probe-workspace.ts');
  return JSON.parse(run(root, ['--import', 'tsx', probe, ...files]));
}

/** Runs Nx in `root` and gives what it wrote to stdout. */
export function nx(root: string, ...args: string[]): string {
  return run(root, [createRequire(join(root, 'package.json')).resolve('nx/bin/nx.js'), ...args]);
}

/** As {@link nx}, for what must fail; with what it wrote to stderr. */
export function nxFailing(root: string, ...args: string[]): string {
  try {
    nx(root, ...args);
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  }
  throw new Error(`nx ${args.join(' ')} succeeded`);
}

/** A clone of the workspace as it is on disk, with the example estate, one commit and the packages of this one. */
export class WorkspaceClone {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'workspace-')));

  constructor() {
    const files = git(workspaceRoot, 'ls-files', '--cached', '--others', '--exclude-standard', '-z').split('\0');
    for (const file of files.filter(Boolean)) {
      cpSync(join(workspaceRoot, file), join(this.root, file), { recursive: true, force: true });
    }
    replaceEstate(this.root);
    symlinkSync(realpathSync(join(workspaceRoot, 'node_modules')), join(this.root, 'node_modules'), 'dir');
    git(this.root, 'init', '--quiet', '--initial-branch=main');
    this.commit();
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  commit(): void {
    git(this.root, 'add', '--all');
    git(
      this.root,
      ...['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'],
      ...['commit', '--quiet', '--allow-empty', '--no-verify', '-m', 'change'],
    );
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function git(root: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

function run(root: string, args: string[]): string {
  return execFileSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    env: outsideNx(),
    maxBuffer: 64 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Without what the Nx that runs these tests tells its children: the workspace that is asked may be another one. */
function outsideNx(): NodeJS.ProcessEnv {
  return { ...callersEnvironment(), NX_DAEMON: 'false', CI: 'true', NO_COLOR: '1' };
}
