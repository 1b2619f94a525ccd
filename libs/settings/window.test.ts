import fc from 'fast-check';
import { parseDailyWindow, parseWeeklyWindow, windowsTouch } from './window';

const minutesOfWeek = 7 * 24 * 60;
const daily = fc.record({ start: fc.nat(24 * 60 - 1), length: fc.integer({ min: 1, max: 300 }) });
const weekly = fc.record({ start: fc.nat(minutesOfWeek - 1), length: fc.integer({ min: 1, max: 24 * 60 }) });

test('reads windows, also over midnight and over the end of the week', () => {
  expect(parseDailyWindow('03:00-04:30')).toEqual({ start: 180, length: 90 });
  expect(parseDailyWindow('23:30-00:30')).toEqual({ start: 1410, length: 60 });
  expect(parseWeeklyWindow('sat:23:30-sun:00:30')).toEqual({ start: minutesOfWeek - 30, length: 60 });
});

test.each(['', '3:00-4:00', '24:00-01:00', '03:00'])('"%s" is not a daily window', (text) => {
  expect(parseDailyWindow(text)).toBeUndefined();
});

test.each(['', 'sun:05:00-06:00', 'son:05:00-son:06:00'])('"%s" is not a weekly window', (text) => {
  expect(parseWeeklyWindow(text)).toBeUndefined();
});

test('two windows overlap exactly if they share a minute', () => {
  fc.assert(
    fc.property(daily, weekly, (day, week) => {
      const ofWeek = new Set(
        Array.from({ length: week.length }, (_, i) => ((week.start + i) % minutesOfWeek) % (24 * 60)),
      );
      const shares = Array.from({ length: day.length }, (_, i) => (day.start + i) % (24 * 60)).some((minute) =>
        ofWeek.has(minute),
      );
      expect(windowsTouch(day, week)).toBe(shares);
    }),
  );
});
