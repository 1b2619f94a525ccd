import fc from 'fast-check';
import { detectionSec, planBurnAlarms } from './burn-rate';

const objective = { percent: 99.9, windowDays: 30 };

test("burn rates and thresholds are those of the workbook's table for 99.9 % over 30 days", () => {
  expect(planBurnAlarms(objective)).toEqual([
    { severity: 'page', longSec: 3600, shortSec: 300, burnRate: 14.4, abovePercent: 1.44 },
    { severity: 'page', longSec: 21_600, shortSec: 1800, burnRate: 6, abovePercent: 0.6 },
    { severity: 'ticket', longSec: 259_200, shortSec: 21_600, burnRate: 1, abovePercent: 0.1 },
  ]);
});

test('a total outage is found after the times that the workbook gives for these windows', () => {
  const [fast, slow, ticket] = planBurnAlarms(objective);
  // (1 - SLO) / error ratio x window x burn rate
  expect(detectionSec(fast!, 100)).toBeCloseTo(0.001 * 3600 * 14.4);
  expect(detectionSec(slow!, 100)).toBeCloseTo(0.001 * 21_600 * 6);
  expect(detectionSec(ticket!, 100)).toBeCloseTo(0.001 * 259_200);
  expect(detectionSec(ticket!, 0.1)).toBeUndefined();
});

test('a window that is bad throughout loses the same share of the budget for every objective', () => {
  fc.assert(
    fc.property(fc.double({ min: 95, max: 99.99, noNaN: true }), fc.constantFrom(28, 30), (percent, windowDays) => {
      const shares = planBurnAlarms({ percent, windowDays }).map(
        ({ abovePercent, longSec }) => (abovePercent * longSec) / ((100 - percent) * windowDays * 86_400),
      );
      [0.02, 0.05, 0.1].forEach((share, index) => expect(shares[index]).toBeCloseTo(share, 6));
    }),
  );
});
