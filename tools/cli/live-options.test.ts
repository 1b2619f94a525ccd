import { secondsOf } from './live-options';

test('a time is a whole number of seconds, or nothing', () => {
  expect(secondsOf('--lock-timeout', undefined)).toBeUndefined();
  expect(secondsOf('--lock-timeout', '0')).toBe(0);
  expect(secondsOf('--lock-timeout', '90')).toBe(90);
});

test.each(['abc', '', '-1', '5m', '1e9', 'Infinity'])('"%s" is refused before anything is waited for', (text) => {
  expect(() => secondsOf('--lock-timeout', text)).toThrow(
    `--lock-timeout: "${text}" is no number of seconds; give one like 60`,
  );
});
