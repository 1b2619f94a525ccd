import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRoot } from '@platform/tools/workspace/find-root';

const unsupported = createRequire(__filename)('./unsupported.cjs') as (
  runtime: { readonly version: string; readonly platform: string },
  root?: string,
) => string | undefined;

const root = findRoot(__dirname);
let scratch: string;
beforeAll(() => (scratch = mkdtempSync(join(tmpdir(), 'unsupported-'))));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Starts a file of Node.js with another version or platform, and nothing but what Node.js itself brings. */
function start(args: readonly string[], pretended: { version?: string; platform?: string }) {
  const preload = join(scratch, 'preload.cjs');
  writeFileSync(
    preload,
    `for (const [name, value] of Object.entries(${JSON.stringify(pretended)}))
      Object.defineProperty(process, name, { value });
    const Module = require('node:module');
    const load = Module._load;
    Module._load = function (name, ...rest) {
      if (!/^(\\.|\\/|node:)/.test(name)) throw new Error('loaded ' + name);
      return load.call(this, name, ...rest);
    };`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', preload, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

test.each(['v18.20.8', 'v20.18.1'])('Node.js %s is refused in one line before a package is loaded', (version) => {
  expect(start(['tools/cli/platform.cjs', 'plan'], { version })).toEqual({
    status: 2,
    stdout: '',
    stderr: `Node.js: ${version} is too old; install 20.19.0 or newer, such as the version in .nvmrc\n`,
  });
});

test('Windows is refused in one line before a package is loaded', () => {
  const { status, stderr } = start(['tools/cli/platform.cjs', 'plan'], { platform: 'win32' });
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^platform: Windows is not supported.*WSL.*\n$/)]);
});

test.each(['\\', '?', ':', '*'])(
  'a checkout whose path has %s is refused, with the path and the character',
  (character) => {
    const path = `/home/ann/my${character}work`;
    expect(unsupported({ version: 'v22.13.0', platform: 'linux' }, path)).toContain(
      `the path of this checkout, ${path}, has the character ${character}, `,
    );
    expect(unsupported({ version: 'v22.13.0', platform: 'linux' }, "/home/ann/my [w]{o,r}k #1 100%25 $d 'e'")).toBe(
      undefined,
    );
  },
);

test('the Nx plugin refuses an old Node.js before a package is loaded', () => {
  const { stderr } = start(['tools/nx-plugin/plugin.cjs'], { version: 'v18.20.8' });
  expect(stderr).toContain('Error: Node.js: v18.20.8 is too old');
});
