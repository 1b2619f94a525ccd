import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findPlanFiles } from './find-plan-files';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan files [1]-'));
  for (const file of ['a.json', 'b.txt', 'x/a.json', 'x/y/c.json', 'x/y/d.tfplan.json', 'node_modules/e.json']) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['a file', ['b.txt'], ['b.txt']],
  ['a folder', ['x'], ['x/a.json', 'x/y/c.json', 'x/y/d.tfplan.json']],
  ['all folders', ['**/*.json'], ['a.json', 'x/a.json', 'x/y/c.json', 'x/y/d.tfplan.json']],
  ['one folder', ['x/*.json'], ['x/a.json']],
  ['either name', ['x/y/{c,d.tfplan}.json'], ['x/y/c.json', 'x/y/d.tfplan.json']],
  ['a letter', ['x/y/?.json'], ['x/y/c.json']],
  ['a file twice', ['a.json', '*.json'], ['a.json']],
])('finds the files of %s', (_, patterns, files) => {
  expect(findPlanFiles(patterns, folder)).toEqual(files);
});

test('refuses a pattern that names no file', () => {
  expect(() => findPlanFiles(['a.json', 'no/*.json'], folder)).toThrow('--plans: "no/*.json" names no file');
});
