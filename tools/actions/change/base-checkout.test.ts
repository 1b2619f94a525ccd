import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CommitNotSynthesised, synthesiseCommit } from './base-checkout';

jest.setTimeout(120_000);

const root = mkdtempSync(join(tmpdir(), 'base packages-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const author = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
const git = (...args: string[]) => execFileSync('git', [...author, ...args], { cwd: root, encoding: 'utf8' }).trim();
const write = (file: string, text: string) => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};
const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

/** A workspace whose synth says which version of its own package it was given. */
function commitWith(version: string, more: object = {}): string {
  const dependencies = { 'platform-cli': 'file:tools/cli' };
  write('package.json', json({ name: 'tiny', version, private: true, dependencies, ...more }));
  write('tools/cli/package.json', json({ name: 'platform-cli', version }));
  write(
    'tools/cli/platform.cjs',
    [
      `const { mkdirSync, writeFileSync } = require('node:fs');`,
      `const { createRequire } = require('node:module');`,
      `const found = createRequire(process.cwd() + '/x')('platform-cli/package.json').version;`,
      `mkdirSync('dist/synth/prod', { recursive: true });`,
      `writeFileSync('dist/synth/prod/estate.json', JSON.stringify({ found, stacks: [] }));`,
    ].join('\n'),
  );
  write(
    'package-lock.json',
    json({
      name: 'tiny',
      version,
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'tiny', version, dependencies },
        'node_modules/platform-cli': { resolved: 'tools/cli', link: true },
        'tools/cli': { name: 'platform-cli', version },
      },
    }),
  );
  git('add', '-A');
  git('commit', '-qm', version);
  return git('rev-parse', 'HEAD');
}

const bases = join(root, '.cache', 'bases');
const synthesise = (commit: string) => synthesiseCommit({ root, commit, environment: 'prod' });
const foundBy = async (commit: string) => (await synthesise(commit)).manifest as unknown as { readonly found: string };

test('a base with another lock file is synthesised with its own packages, which are installed once', async () => {
  write('.gitignore', 'node_modules\n.cache\ndist\n');
  git('init', '-q', '-b', 'main');
  const base = commitWith('1.0.0');
  write('docs.md', 'changed');
  git('add', '-A');
  git('commit', '-qm', 'another commit with the same packages');
  const later = git('rev-parse', 'HEAD');
  commitWith('2.0.0');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--offline'], { cwd: root, stdio: 'ignore' });
  const given = join(root, 'node_modules', 'platform-cli', 'package.json');
  expect(JSON.parse(readFileSync(given, 'utf8'))).toMatchObject({ version: '2.0.0' });

  expect(await foundBy(base)).toMatchObject({ found: '1.0.0' });
  const [packages, ...others] = readdirSync(bases).filter((name) => name.startsWith('packages-'));
  expect(others).toEqual([]);
  const installed = () => statSync(join(bases, packages!, 'installed')).ctimeMs;
  const before = installed();
  expect(await foundBy(later)).toMatchObject({ found: '1.0.0' });
  expect(readdirSync(bases).filter((name) => name.startsWith('packages-'))).toEqual([packages]);
  expect(installed()).toBe(before);
});

test('a base with the lock file of the checkout uses the packages of the checkout', async () => {
  const head = git('rev-parse', 'HEAD');
  expect(await foundBy(head)).toMatchObject({ found: '2.0.0' });
  expect(readdirSync(bases).filter((name) => name.startsWith('packages-'))).toHaveLength(1);
});

test('a base whose packages cannot be installed says why, and leaves no half of them', async () => {
  const broken = commitWith('3.0.0', { dependencies: { 'platform-cli': 'file:tools/cli', missing: '9.9.9' } });
  commitWith('2.0.0');
  await expect(synthesise(broken)).rejects.toThrow(CommitNotSynthesised);
  await expect(synthesise(broken)).rejects.toThrow(
    /its packages differ from those of this checkout and npm ci fails: .*missing/s,
  );
  expect(readdirSync(bases).filter((name) => name.startsWith('packages-'))).toHaveLength(1);
});
