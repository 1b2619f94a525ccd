import { readWorkspaceFile } from './workspace-file';

test('reads a file of the repository by its path from the root', () => {
  expect(readWorkspaceFile('libs/stack/workspace-file.test.ts')).toContain('read by its path from the root');
});

test('names a file that does not exist', () => {
  expect(() => readWorkspaceFile('libs/stack/none.py')).toThrow('none.py');
});
