import fc from 'fast-check';
import { atTheSameTime, durationText, oneAfterAnother, unknownTime, type Duration } from './duration';

const time = (): fc.Arbitrary<Duration> =>
  fc
    .tuple(fc.nat(10_000), fc.option(fc.nat(10_000)))
    .map(([low, more]) => ({ lowSec: low, highSec: more === null ? null : low + more }));
const asNumber = ({ highSec }: Duration) => highSec ?? Infinity;

test('a longer part never shortens the sum nor the longest', () => {
  fc.assert(
    fc.property(fc.array(time()), time(), fc.nat(1000), (others, one, more) => {
      const longer = { lowSec: one.lowSec + more, highSec: one.highSec === null ? null : one.highSec + more };
      for (const composed of [oneAfterAnother, atTheSameTime]) {
        expect(asNumber(composed([...others, longer]))).toBeGreaterThanOrEqual(asNumber(composed([...others, one])));
        expect(composed([...others, longer]).lowSec).toBeGreaterThanOrEqual(composed([...others, one]).lowSec);
      }
    }),
  );
});

test('an unknown time leaves the sum without a bound', () => {
  expect(oneAfterAnother([{ lowSec: 30, highSec: 60 }, unknownTime])).toEqual({ lowSec: 30, highSec: null });
});

test('says times in words', () => {
  expect(durationText({ lowSec: 0, highSec: 0 })).toBe('0 s');
  expect(durationText({ lowSec: 30, highSec: 90 })).toBe('30 s to 1 min 30 s');
  expect(durationText({ lowSec: 30, highSec: null })).toBe('at least 30 s');
  expect(durationText({ lowSec: 7200, highSec: 7200 })).toBe('2 h');
});
