import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Filter {
  (paths: readonly string[]): Promise<{ readonly filtered: readonly string[] }>;
  readonly left: ReadonlySet<string>;
}

test('a file is long by a line of a comment, and is counted as left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'long tests-'));
  try {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const long = file('long.test.ts', '/*\n * Waits.\n *\n * @long\n */\n');
    const short = file('short.test.ts', "/*\n * @waits\n */\ntest('a @long word', () => {});\n");
    const filter = (await import('./long-tests.cjs' as string)) as { default: Filter };
    expect(await filter.default([long, short])).toEqual({ filtered: [short] });
    expect([...filter.default.left]).toEqual([long]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
