import { killAllOnExit, type KillAllOnExitOptions } from '@platform/tools/terraform/run-terraform';
import { secondsOf, stoppable } from './live-options';

jest.mock('@platform/tools/terraform/run-terraform');

test.each([
  [1, /^SIGINT: stopping Terraform/, /^Terraform exits at once: /],
  [0, /^SIGINT: stopping\n$/, /^SIGINT: saving results/],
])('a first and a second Ctrl-C say what they do to %s calls of Terraform', (calls, first, second) => {
  let given: KillAllOnExitOptions = {};
  jest.mocked(killAllOnExit).mockImplementation((options = {}) => {
    given = options;
    return () => {};
  });
  const told: string[] = [];
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((text) => told.push(String(text)) > 0);
  void stoppable(() => new Promise(() => {}));
  for (let sent = 0; sent < 2; sent++) given.onSignal!('SIGINT', calls);
  stderr.mockRestore();
  expect(told).toEqual([expect.stringMatching(first), expect.stringMatching(second)]);
});

test('a time is a whole number of seconds, or nothing', () => {
  expect(secondsOf('--lock-timeout', undefined)).toBeUndefined();
  expect(secondsOf('--lock-timeout', '0')).toBe(0);
  expect(secondsOf('--lock-timeout', '90')).toBe(90);
});

test.each(['abc', '', '-1', '5m', '1e9', 'Infinity'])('"%s" is refused before anything is waited for', (text) => {
  expect(() => secondsOf('--lock-timeout', text)).toThrow(
    `--lock-timeout: "${text}" is not a number of seconds; use a whole number, such as 60`,
  );
});
