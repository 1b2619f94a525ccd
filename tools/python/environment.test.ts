import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findRoot } from '@platform/tools/workspace/find-root';
import { environmentFolder, installedPython, installPython } from './environment';

const packages = { name: 'snakes', requirements: 'tools/snakes/requirements.txt' };
let workspace: string;
beforeEach(() => {
  workspace = mkdtempSync(join(tmpdir(), 'python-'));
  pin('python-snakes==1.0.0\n');
});
afterEach(() => rmSync(workspace, { recursive: true }));

function pin(text: string): void {
  const file = join(workspace, packages.requirements);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

test('other pins are another environment', () => {
  const before = environmentFolder(workspace, packages);
  expect(environmentFolder(workspace, packages)).toBe(before);
  pin('python-snakes==1.0.1\n');
  expect(environmentFolder(workspace, packages)).not.toBe(before);
});

test('an environment that is there is not made again', async () => {
  const python = join(environmentFolder(workspace, packages), 'bin', 'python');
  expect(installedPython(workspace, packages)).toBeUndefined();
  mkdirSync(dirname(python), { recursive: true });
  writeFileSync(python, '');
  expect(await installPython(workspace, packages, () => {}, { PATH: workspace })).toBe(python);
});

test('without Python it says what is missing and what else can be done', async () => {
  const missing = 'snakes: there is no Python 3.10 or newer on PATH; install one';
  const install = (otherwise?: string) =>
    installPython(workspace, { ...packages, ...(otherwise ? { otherwise } : {}) }, () => {}, { PATH: workspace });
  await expect(install()).rejects.toThrow(new RegExp(`^${missing}$`));
  await expect(install('bring your own')).rejects.toThrow(`${missing}, or bring your own`);
});

test.each(['tools/emulator/requirements.txt', 'tools/actions/scan/requirements.txt'])(
  'every package of %s has a hash',
  (file) => {
    const lines = readFileSync(join(findRoot(__dirname), file), 'utf8')
      .replaceAll('\\\n', ' ')
      .split('\n');
    const pinned = lines.filter((line) => /^[a-z]/i.test(line));
    expect(pinned.length).toBeGreaterThan(50);
    expect(pinned.filter((line) => !/^\S+==\S+ .*--hash=sha256:/.test(line))).toEqual([]);
  },
);
