import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownerOf } from '@platform/libs/settings/environment';
import { loadSettings } from '@platform/tools/workspace/load-estate';
import { findRoot } from '@platform/tools/workspace/find-root';
import { findStackFolders } from '@platform/tools/workspace/stack-folders';

const root = findRoot(__dirname);
const { owners } = loadSettings(root).settings;

describe.each(findStackFolders(root))('README of %s', (folder) => {
  const text = readFileSync(join(root, folder, 'README.md'), 'utf8');

  test('names who owns the folder', () => {
    expect(/Owner: `([^`]+)`/.exec(text)?.[1]).toBe(ownerOf(owners, folder));
  });

  test('says what it costs and how to change it safely', () => {
    expect(text).toMatch(/^(## |\*\*)Costs/m);
    expect(text).toMatch(/^(## |\*\*)Change it safely/m);
  });

  test('is a screen long', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(45);
  });
});
