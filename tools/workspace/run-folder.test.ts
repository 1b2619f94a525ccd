import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { openRunFolder } from './run-folder';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'run folder-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A folder of a run with one file that has the text. */
function written(run: { readonly path: string }, text: string): string {
  const folder = join(run.path, 'result');
  mkdirSync(folder);
  writeFileSync(join(folder, 'file'), text);
  return folder;
}

test('what is published takes the place of the earlier result as a whole', () => {
  const to = join(root, 'dist', 'plan', 'prod');
  const first = openRunFolder(root);
  writeFileSync(join(written(first, 'first'), 'only in the first'), '');
  first.publish(join(first.path, 'result'), to);
  const second = openRunFolder(root);
  second.publish(written(second, 'second'), to);
  expect([readdirSync(to), readFileSync(join(to, 'file'), 'utf8')]).toEqual([['file'], 'second']);
});

test('the folder of a run that has died is removed by the next one, that of a running one is not', () => {
  const running = openRunFolder(root);
  const { pid } = spawnSync(process.execPath, ['--version']);
  const dead = join(root, 'dist', '.runs', basename(running.path).replace(/^\d+/, String(pid)));
  const elsewhere = join(root, 'dist', '.runs', `${pid}-another.host-abcdef`);
  renameSync(openRunFolder(root).path, dead);
  mkdirSync(elsewhere);
  openRunFolder(root);
  expect([running.path, dead, elsewhere].map((path) => existsSync(path))).toEqual([true, false, true]);
});
