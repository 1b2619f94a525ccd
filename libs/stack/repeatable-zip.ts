import { zipSync } from 'fflate';

/** The oldest time that a ZIP archive can hold; any fixed one will do. */
const fixedTime = '1980-01-01T12:00:00';

/** A ZIP archive of text files by their paths. Equal files give equal bytes, on every machine and at any time. */
export function repeatableZip(files: Readonly<Record<string, string>>): Uint8Array {
  const encoder = new TextEncoder();
  return zipSync(
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [
        path,
        [encoder.encode(text), { mtime: fixedTime, level: 9, os: 3, attrs: 0o644 << 16 }],
      ]),
    ),
  );
}
