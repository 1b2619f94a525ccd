import { greenPercentOf, nextShare, shares, standingOf } from './release-steps';

test.each([
  [0, 'green', 0],
  [5, 'green', 5],
  [25, 'green', 25],
  [100, 'blue', 0],
  [95, 'blue', 5],
  [75, 'blue', 25],
] as const)('with %i percent to green, %s comes in and has %i', (greenPercent, to, share) => {
  expect(standingOf(greenPercent)).toMatchObject({ to, share });
  expect(greenPercentOf(to, share)).toBe(greenPercent);
});

test('a release of either colour goes 5, 25, 100, and stands in between where it is', () => {
  expect(shares).toEqual([5, 25, 100]);
  expect([0, 5, 10, 25, 60, 100].map(nextShare)).toEqual([5, 25, 25, 100, 100, 100]);
  for (const to of ['blue', 'green'] as const) {
    for (const share of [5, 25]) expect(standingOf(greenPercentOf(to, share))).toMatchObject({ to, share });
  }
});
