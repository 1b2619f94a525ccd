import { normalised, readWorkspaceFile } from './workspace-file';

test('reads a file of the repository by its path from the root', () => {
  expect(readWorkspaceFile('libs/stack/workspace-file.test.ts')).toContain('read by its path from the root');
});

test('names a file that does not exist', () => {
  expect(() => readWorkspaceFile('libs/stack/none.py')).toThrow('none.py');
});

test.each([
  ['carriage returns', 'a\r\nb\r\n'],
  ['carriage returns alone', 'a\rb\r'],
  ['a byte order mark', '\uFEFFa\nb\n'],
  ['nothing to change', 'a\nb\n'],
])('text with %s is normalised', (_, text) => {
  expect(normalised(text)).toBe('a\nb\n');
});
