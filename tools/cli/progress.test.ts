import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { StackSummary } from '@platform/tools/actions/plan/summary';
import { estateProgress } from './progress';

const stack = (name: string) => ({ stack: name }) as StackDescription;
const { isTTY } = process.stderr;
const ci = process.env['CI'];
beforeEach(() => {
  process.stderr.isTTY = true;
  delete process.env['CI'];
});
afterEach(() => {
  process.stderr.isTTY = isTTY;
  if (ci !== undefined) process.env['CI'] = ci;
});

test('on a terminal a run that breaks off ends the list, which else would keep the process', async () => {
  const progress = estateProgress();
  progress.planned!([stack('us-vpc'), stack('us-app')]);
  progress.started!(stack('us-vpc'));
  await expect(progress.ended!()).resolves.toBeUndefined();
});

test('a line says what a plan would do, and of a validation no counts', () => {
  process.env['CI'] = 'true';
  const summary = { stack: 'us-vpc', seconds: 1, errors: [], create: 2, update: 1, replace: 1, delete: 0 };
  const line = (action?: 'validate') => {
    const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    estateProgress(action).finished!(summary as unknown as StackSummary);
    const said = write.mock.calls.map(([text]) => text);
    write.mockRestore();
    return said;
  };
  expect(line()).toEqual(['[1/0] us-vpc +2 ~2 -1 (1.0 s)\n']);
  expect(line('validate')).toEqual(['[1/0] us-vpc is valid (1.0 s)\n']);
});

test('a run whose list was never begun ends too', async () => {
  await expect(estateProgress().ended!()).resolves.toBeUndefined();
});
