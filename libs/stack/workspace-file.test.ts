import { readWorkspaceFile } from './workspace-file';

test('a file of the repository is read by its path from the root', () => {
  expect(readWorkspaceFile('libs/stack/workspace-file.test.ts')).toContain('read by its path from the root');
});

test('a file that is not there is named', () => {
  expect(() => readWorkspaceFile('libs/stack/none.py')).toThrow('none.py');
});
