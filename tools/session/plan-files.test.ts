import type * as fs from 'node:fs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from './plan-files';

const calls: string[] = [];
jest.mock('node:fs', () => {
  const real = jest.requireActual<typeof fs>('node:fs');
  return {
    ...real,
    fsyncSync: (file: number) => {
      calls.push(real.fstatSync(file).isDirectory() ? 'folder' : 'file');
      real.fsyncSync(file);
    },
    renameSync: (from: string, to: string) => {
      calls.push('rename');
      real.renameSync(from, to);
    },
  };
});

test('a file is on the disk before it has its name, and its name before the call returns', () => {
  const folder = mkdtempSync(join(tmpdir(), 'whole-'));
  try {
    writeWhole(join(folder, 'record.json'), { a: 1 });
    expect(readFileSync(join(folder, 'record.json'), 'utf8')).toBe('{\n  "a": 1\n}\n');
    expect(calls).toEqual(['file', 'rename', 'folder']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
