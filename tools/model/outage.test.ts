import fc from 'fast-check';
import { isSteady, lossOf, outageOf, type Probe } from './outage';

const probe = (sentMs: number, ok: boolean, written?: string): Probe => ({
  sentMs,
  endedMs: sentMs + 10,
  ok,
  ...(written === undefined ? {} : { written }),
});

test('an outage lasts from the first failed request to the end of the last one', () => {
  const probes = [probe(0, true), probe(1_000, false), probe(1_500, true), probe(3_000, false), probe(4_000, true)];
  expect(outageOf(probes)).toEqual({ failed: 2, seconds: 2.01 });
  expect(outageOf([probe(0, true)])).toEqual({ failed: 0, seconds: 0 });
});

test('the order in which probes end does not matter', () => {
  const probes = fc.array(fc.tuple(fc.nat(10_000), fc.boolean()), { minLength: 1 });
  fc.assert(
    fc.property(probes, (given) => {
      const made = given.map(([sentMs, ok]) => probe(sentMs, ok));
      expect(outageOf([...made].reverse())).toEqual(outageOf(made));
    }),
  );
});

test('what is lost spans the acknowledged writes that are missing', () => {
  const probes = [probe(0, true, 'a'), probe(1_000, true, 'b'), probe(2_500, true, 'c'), probe(3_000, false)];
  expect(lossOf(probes, new Set(['a']))).toBe(1.5);
  expect(lossOf(probes, new Set(['a', 'b', 'c']))).toBe(0);
});

test('is steady when the last requests were all answered', () => {
  const probes = [probe(0, false), probe(1, true), probe(2, true)];
  expect(isSteady(probes, 2)).toBe(true);
  expect(isSteady(probes, 3)).toBe(false);
  expect(isSteady(probes, 4)).toBe(false);
});
