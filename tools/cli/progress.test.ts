import type { StackDescription } from '@platform/libs/stack/estate-stack';
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

test('a run whose list was never begun ends too', async () => {
  await expect(estateProgress().ended!()).resolves.toBeUndefined();
});
