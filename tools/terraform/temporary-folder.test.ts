import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findTerraform } from './find-terraform';

const folder = mkdtempSync('/tmp/temporary-');
afterAll(() => rmSync(folder, { recursive: true }));

const found = (TMPDIR: string) => findTerraform({ environment: { ...process.env, TMPDIR } });

test.each([
  ['missing', join(folder, 'missing'), 'is not a folder; create it, or set TMPDIR to another folder'],
  ['a file', __filename, 'is not a folder'],
])('a folder for temporary files that is %s is refused by its name', async (_, path, message) => {
  await expect(found(path)).rejects.toThrow(`TMPDIR: "${path}" ${message}`);
});

test('is refused where sockets in it would be too long, and used up to there', async () => {
  // 107 bytes on Linux, 103 on macOS, of which a socket takes 17.
  const longest = process.platform === 'darwin' ? 86 : 90;
  const pathOf = (bytes: number) => join(folder, 'x'.repeat(bytes - folder.length - 1));
  for (const bytes of [longest, longest + 1]) mkdirSync(pathOf(bytes));
  await expect(found(pathOf(longest))).resolves.toMatchObject({ product: 'terraform' });
  await expect(found(pathOf(longest + 1))).rejects.toThrow(`has ${longest + 1} bytes`);
});

/** Linux has a file system without any space, which only root gets as far as to. */
(process.platform === 'linux' && process.getuid?.() === 0 ? test : test.skip)(
  'is refused where it is full',
  async () => {
    await expect(found('/proc')).rejects.toThrow('TMPDIR: "/proc" is full; free some space');
  },
);
