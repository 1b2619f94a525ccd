import { execFile } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { WhatIf } from '@platform/libs/settings/environment';
import { synthFolderOf, type EstateManifest } from '@platform/tools/actions/synth/synth';
import { sha256 } from '@platform/tools/workspace/file-digests';
import { git } from './git';

const run = promisify(execFile);

/** A synthesised estate on the disk. */
export interface SynthesisedEstate {
  readonly manifest: EstateManifest;
  /** Holds `stacks/<stack>/cdk.tf.json`. */
  readonly folder: string;
}

export interface SynthesiseCommitOptions {
  readonly root: string;
  /** Full id. */
  readonly commit: string;
  /** Name; has to exist at that commit. */
  readonly environment: string;
  readonly whatIf?: WhatIf;
  readonly signal?: AbortSignal;
}

/** The code of a commit does not synthesise; the message is what its own synth says. */
export class CommitNotSynthesised extends Error {
  override readonly name = 'CommitNotSynthesised';
}

/** Commits whose files are kept; those used last stay. */
const KEPT_COMMITS = 8;

/** A folder that another run may be using is not removed before this time. */
const IN_USE_MS = 3_600_000;

/** Output of a synth is a line for each stack; errors are longer. */
const maxBuffer = 64 * 1024 * 1024;

/**
 * Synthesises a commit by its own code, in `.cache/bases/<commit>`. The result is kept there, for each environment.
 * Packages are those of the checkout where both lock files are equal, else its own, which npm installs.
 * @throws CommitNotSynthesised
 */
export async function synthesiseCommit(options: SynthesiseCommitOptions): Promise<SynthesisedEstate> {
  const { root, commit, environment, whatIf = {}, signal } = options;
  const bases = join(root, '.cache', 'bases');
  const folder = join(bases, commit);
  const choices = [whatIf.level, whatIf.mode].filter((choice) => choice !== undefined);
  const synthesised = join(folder, 'synth', [environment, ...choices].join('.'));
  if (!existsSync(join(synthesised, 'estate.json'))) {
    await checkOut(root, commit, join(folder, 'files'));
    await linkPackages(root, bases, join(folder, 'files'), signal);
    const draft = mkdtempSync(join(folder, 'draft-'));
    try {
      await synthesiseByItself(join(folder, 'files'), draft, { environment, whatIf, ...(signal ? { signal } : {}) });
      mkdirSync(dirname(synthesised), { recursive: true });
      if (!existsSync(synthesised)) renameSync(draft, synthesised);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
  }
  const now = new Date();
  utimesSync(folder, now, now);
  removeUnused(bases);
  const manifest = JSON.parse(readFileSync(join(synthesised, 'estate.json'), 'utf8')) as EstateManifest;
  return { manifest, folder: synthesised };
}

/** The files of a commit, without a worktree that git would have to be told of. */
async function checkOut(root: string, commit: string, files: string): Promise<void> {
  if (existsSync(files)) return;
  mkdirSync(dirname(files), { recursive: true });
  const draft = mkdtempSync(`${files}-`);
  const environment = { ...process.env, GIT_INDEX_FILE: join(dirname(files), `index-${process.pid}`) };
  try {
    await git(root, ['read-tree', commit], environment);
    // From the top of the repository: a workspace below it is a part of what is checked out.
    const top = await git(root, ['rev-parse', '--show-toplevel']);
    const below = await git(root, ['rev-parse', '--show-prefix']);
    await git(top, ['checkout-index', '--all', `--prefix=${draft}/`], environment);
    try {
      renameSync(join(draft, below), files);
    } catch (error) {
      // Another run was faster.
      if (!existsSync(files)) throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(environment.GIT_INDEX_FILE, { force: true });
  }
}

/** Gives the files of a commit the packages that its lock file names. */
async function linkPackages(root: string, bases: string, files: string, signal?: AbortSignal): Promise<void> {
  const link = join(files, 'node_modules');
  if (existsSync(link)) return;
  const lock = readLock(files);
  const packages = lock === readLock(root) ? root : await installPackages(bases, files, lock, signal);
  // One that is left of packages which are no longer kept.
  rmSync(link, { force: true });
  try {
    symlinkSync(join(packages, 'node_modules'), link, 'dir');
  } catch (error) {
    if (!existsSync(link)) throw error;
  }
}

const readLock = (folder: string) => {
  const path = join(folder, 'package-lock.json');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
};

/** A folder with the packages of a lock file, which all commits share that have the same. */
async function installPackages(bases: string, files: string, lock: string, signal?: AbortSignal): Promise<string> {
  const folder = join(bases, `packages-${sha256(lock).slice(0, 16)}`);
  const done = join(folder, 'installed');
  if (existsSync(done)) {
    const now = new Date();
    utimesSync(folder, now, now);
    return folder;
  }
  mkdirSync(bases, { recursive: true });
  const draft = mkdtempSync(`${folder}-`);
  try {
    for (const name of [
      'package.json',
      'package-lock.json',
      '.npmrc',
      'tools/cli/package.json',
      'tools/cli/platform.cjs',
    ]) {
      if (existsSync(join(files, name))) cpSync(join(files, name), join(draft, name));
    }
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], {
      cwd: draft,
      maxBuffer,
      ...(signal ? { signal } : {}),
    });
    writeFileSync(join(draft, 'installed'), '');
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
    return folder;
  } catch (error) {
    if (existsSync(done)) return folder;
    throw new CommitNotSynthesised(
      `its packages differ from those of this checkout and npm ci fails: ${lastLines((error as { stderr?: string }).stderr || (error as Error).message)}`,
    );
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Runs the `synth` command of a commit and moves what it wrote. */
async function synthesiseByItself(
  files: string,
  outdir: string,
  { environment, whatIf, signal }: Pick<SynthesiseCommitOptions, 'environment' | 'whatIf' | 'signal'>,
): Promise<void> {
  const args = [
    ...['synth', '-c', environment],
    ...(whatIf?.level ? ['--level', whatIf.level] : []),
    ...(whatIf?.mode ? ['--mode', whatIf.mode] : []),
  ];
  const chosen = /^PLATFORM_(ENVIRONMENT|LEVEL|MODE|TARGET)$/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !chosen.test(name)));
  try {
    await run(process.execPath, [join(files, 'tools', 'cli', 'platform.cjs'), ...args], {
      cwd: files,
      env,
      maxBuffer,
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new CommitNotSynthesised(lastLines((error as { stderr?: string }).stderr || (error as Error).message));
  }
  rmSync(outdir, { recursive: true, force: true });
  // Commits of before `@` write every level into one folder.
  const written = [whatIf, {}]
    .map((choice) => synthFolderOf(files, environment, choice))
    .find((each) => existsSync(each));
  cpSync(written!, outdir, { recursive: true });
}

/** The end of a long text: errors stand there. */
function lastLines(text: string): string {
  const lines = text.trim().split('\n');
  return [...(lines.length > 20 ? ['…'] : []), ...lines.slice(-20)].join('\n');
}

/** Removes the commits that were not used for longest. */
function removeUnused(bases: string): void {
  const entries = readdirSync(bases).flatMap((name) => {
    const stats = statSync(join(bases, name), { throwIfNoEntry: false });
    return stats ? [{ path: join(bases, name), used: stats.mtimeMs }] : [];
  });
  for (const { path, used } of entries.sort((a, b) => b.used - a.used).slice(KEPT_COMMITS)) {
    if (used < Date.now() - IN_USE_MS) rmSync(path, { recursive: true, force: true });
  }
}
