import fc from 'fast-check';
import {
  availabilityText,
  certain,
  failingOver,
  parallel,
  percentText,
  series,
  someOf,
  unknownAvailability,
} from './availability';
import { serviceLevels } from './service-levels';

const share = () => fc.double({ min: 0, max: 1, noNaN: true });
const available = () => fc.tuple(share(), share()).map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }));
const close = 1e-12;

/** One region: ALB × EC2 × Aurora. */
const region = series(
  [serviceLevels.balancer, serviceLevels.compute, serviceLevels.aurora].map(({ percent }) => certain(percent / 100)),
);

test('a load balancer, instances and Aurora in one region are 99.970 % available', () => {
  expect(region.low * 100).toBeCloseTo(99.97, 4);
  expect(region.high).toBe(region.low);
});

test('two independent regions would be 99.99999 % available', () => {
  expect(parallel([region, region], 0).low).toBeCloseTo(1 - 0.0003 ** 2, 9);
  expect(percentText(parallel([region, region], 0).low)).toMatch(/^99\.99999/);
});

test.each([
  [0.01, 99.9997],
  [0.1, 99.997],
])('two regions with a common cause of %d are %d %% available', (commonCause, percent) => {
  expect(parallel([region, region], commonCause).low * 100).toBeCloseTo(percent, percent > 99.999 ? 4 : 3);
});

test('CloudFront in series caps two regions at 99.90 %', () => {
  const path = series([certain(serviceLevels.cloudfront.percent / 100), parallel([region, region], 0.01)]);
  expect(path.high * 100).toBeCloseTo(99.9, 2);
  expect(path.high).toBeLessThan(0.999);
});

test('k of n equal parts is the binomial sum', () => {
  expect(someOf(1, 2, certain(0.9)).low).toBeCloseTo(parallel([certain(0.9), certain(0.9)], 0).low, 12);
  expect(someOf(2, 2, certain(0.9)).low).toBeCloseTo(0.81, 12);
  expect(someOf(2, 3, certain(0.9)).low).toBeCloseTo(0.972, 12);
});

test('another parallel part never lowers the availability', () => {
  fc.assert(
    fc.property(fc.array(share(), { minLength: 1, maxLength: 4 }), share(), share(), (shares, more, commonCause) => {
      const parts = shares.map(certain);
      expect(parallel([...parts, certain(more)], commonCause).low).toBeGreaterThanOrEqual(
        parallel(parts, commonCause).low - close,
      );
    }),
  );
});

test('without common cause parts in parallel are independent, with nothing else the best one is alone', () => {
  fc.assert(
    fc.property(fc.array(share(), { minLength: 1, maxLength: 4 }), (shares) => {
      const parts = shares.map(certain);
      const independent = 1 - shares.reduce((product, each) => product * (1 - each), 1);
      expect(parallel(parts, 0).low).toBeCloseTo(independent, 10);
      expect(parallel(parts, 1).low).toBeCloseTo(Math.max(...shares), 10);
    }),
  );
});

test('more common cause never raises the availability of two regions that mostly work', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.5, max: 1, noNaN: true }), share(), share(), (one, less, more) => {
      const parts = [certain(one), certain(one)];
      const [low, high] = [Math.min(less, more), Math.max(less, more)];
      expect(parallel(parts, high).low).toBeLessThanOrEqual(parallel(parts, low).low + close);
    }),
  );
});

test('a failover is between the active region alone and two regions at once, and a longer one is never better', () => {
  fc.assert(
    fc.property(share(), share(), share(), share(), (one, commonCause, short, long) => {
      const [region_, from, to] = [certain(one), Math.min(short, long), Math.max(short, long)];
      const after = (lost: number) => failingOver(region_, region_, commonCause, { low: lost, high: lost }).low;
      expect(after(0)).toBeCloseTo(parallel([region_, region_], commonCause).low, 10);
      expect(after(1)).toBeCloseTo(one, 10);
      expect(after(to)).toBeLessThanOrEqual(after(from) + close);
    }),
  );
});

test('what is unknown widens the range and never narrows it', () => {
  fc.assert(
    fc.property(available(), share(), (known, commonCause) => {
      const inSeries = series([known, unknownAvailability]);
      expect(inSeries).toEqual({ low: 0, high: known.high });
      const beside = parallel([known, unknownAvailability], commonCause);
      expect(beside.low).toBeGreaterThanOrEqual(known.low - close);
      expect(beside.high).toBeCloseTo(1, 10);
    }),
  );
});

test('says ranges in words', () => {
  expect(availabilityText(certain(0.9997))).toBe('99.970 %');
  expect(availabilityText({ low: 0.9995, high: 1 })).toBe('99.950 to 100 %');
  expect(availabilityText({ low: 0, high: 0.999 })).toMatch(/^unknown to 99\.90 %$/);
  expect(availabilityText(unknownAvailability)).toBe('unknown');
});
