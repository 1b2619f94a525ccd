import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callersEnvironment } from '@platform/e2e/fixtures/callers-environment';
import { findRoot } from '@platform/tools/workspace/find-root';

jest.setTimeout(120_000);

test('npx finds the command after an install without scripts, also from a folder below', () => {
  const root = findRoot(__dirname);
  const clone = mkdtempSync(join(tmpdir(), 'npx-'));
  try {
    const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    const [, folder] = /^file:(.*)$/.exec(devDependencies['platform-cli']!)!;
    // Linked, as it is by `npm ci` in a clone; the rest of the packages is not needed for this.
    writeFileSync(
      join(clone, 'package.json'),
      JSON.stringify({ devDependencies: { 'platform-cli': `file:${join(root, folder!)}` } }),
    );
    const run = (program: string, args: string[], cwd = clone) =>
      execFileSync(program, args, {
        cwd,
        encoding: 'utf8',
        env: callersEnvironment(),
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund']);
    const below = join(clone, 'region-us', 'vpc');
    mkdirSync(below, { recursive: true });
    // Npx has options of its own with these names.
    expect(run('npx', ['platform', 'plan', '-c', 'staging', '--help'], below)).toContain('Usage: platform plan');
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
});
