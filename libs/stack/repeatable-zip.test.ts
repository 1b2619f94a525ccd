import { unzipSync } from 'fflate';
import { repeatableZip } from './repeatable-zip';

const files = { 'a.txt': 'first', 'folder/b.txt': 'zweite Datei: ü', 'empty.txt': '' };

test('an archive of several files can be read back', () => {
  const read = Object.entries(unzipSync(repeatableZip(files))).map(([path, data]) => [
    path,
    Buffer.from(data).toString(),
  ]);
  expect(Object.fromEntries(read)).toEqual(files);
});

test('its bytes do not depend on the time of its making', () => {
  const first = repeatableZip(files);
  jest.useFakeTimers({ now: new Date('2031-05-04T03:02:01Z') });
  expect(Buffer.from(repeatableZip(files)).equals(Buffer.from(first))).toBe(true);
});
