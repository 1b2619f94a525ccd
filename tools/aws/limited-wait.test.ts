import { callersFailure } from './callers-failure';
import { limitedWait } from './limited-wait';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('a call that is never answered is reported each minute, and given up at the limit as a failure of the network', async () => {
  const minutes: number[] = [];
  let stopped = false;
  const waiting = limitedWait(
    (signal) => {
      signal.addEventListener('abort', () => (stopped = true));
      return new Promise<never>(() => undefined);
    },
    { limitSec: 150, onMinute: (passed) => minutes.push(passed) },
  ).catch((error: unknown) => error);
  await jest.advanceTimersByTimeAsync(149_000);
  expect([minutes, stopped]).toEqual([[1, 2], false]);
  await jest.advanceTimersByTimeAsync(1_000);
  expect(callersFailure(await waiting, 'region-us-vpc')).toMatchObject({
    kind: 'network',
    message: expect.stringContaining('no answer within 150 s'),
  });
  expect([stopped, jest.getTimerCount()]).toEqual([true, 0]);
});

test('a call that is answered in time leaves no timer', async () => {
  await expect(limitedWait(async () => 1, { limitSec: 60 })).resolves.toBe(1);
  expect(jest.getTimerCount()).toBe(0);
});
