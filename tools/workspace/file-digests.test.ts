import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderDigests } from './file-digests';

const folder = mkdtempSync(join(tmpdir(), 'digests-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('files', () => {
  test('their bytes count and their times do not', () => {
    mkdirSync(join(folder, 'files', 'sub'), { recursive: true });
    const file = join(folder, 'files', 'sub', 'a');
    writeFileSync(file, 'one');
    const before = folderDigests(join(folder, 'files'));
    utimesSync(file, 4_000_000_000, 4_000_000_000);
    expect(folderDigests(join(folder, 'files'))).toEqual(before);
    utimesSync(file, 0, 0);
    writeFileSync(file, 'two');
    const after = folderDigests(join(folder, 'files'));
    expect(Object.keys(after)).toEqual(['sub/a']);
    expect(after).not.toEqual(before);
  });
});
