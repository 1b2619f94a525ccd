/** What users may expect of a service. */
export interface Objective {
  /** Share of good requests, in percent: 99.9. */
  readonly percent: number;
  /** Days over which it holds. */
  readonly windowDays: number;
}

/** One pair of windows: both must burn too fast, the long one as proof, the short one so that the alarm ends soon. */
export interface BurnAlarm {
  /** `page`: somebody must act now. `ticket`: within days. */
  readonly severity: 'page' | 'ticket';
  readonly longSec: number;
  readonly shortSec: number;
  /** How many times faster than allowed the error budget is used. 1 uses it up exactly at the end of the window. */
  readonly burnRate: number;
  /** Share of bad requests above which both windows breach, in percent. */
  readonly abovePercent: number;
}

const hour = 3600;

/**
 * Windows and the share of the error budget that is lost when each fires, as recommended by Google's SRE workbook, chapter
 * 5, table "Recommended time windows and burn rates for alerting" (https://sre.google/workbook/alerting-on-slos/).
 */
const windows = [
  { severity: 'page', longSec: hour, shortSec: hour / 12, budgetShare: 0.02 },
  { severity: 'page', longSec: 6 * hour, shortSec: hour / 2, budgetShare: 0.05 },
  { severity: 'ticket', longSec: 72 * hour, shortSec: 6 * hour, budgetShare: 0.1 },
] as const;

/**
 * The alarms of an objective. For 99.9 % over 30 days the burn rates are 14.4, 6 and 1.
 *
 * CloudWatch evaluates one period of up to seven days, and slides it (CloudWatch API, PutMetricAlarm, Period:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html; user guide, "Alarm evaluation
 * window"). So each window is one period.
 */
export function planBurnAlarms({ percent, windowDays }: Objective): BurnAlarm[] {
  return windows.map(({ severity, longSec, shortSec, budgetShare }) => {
    const burnRate = round((budgetShare * windowDays * 24 * hour) / longSec);
    return { severity, longSec, shortSec, burnRate, abovePercent: round(burnRate * (100 - percent)) };
  });
}

/** Seconds of `badPercent` errors until the long window breaches; undefined if it never does. */
export function detectionSec({ abovePercent, longSec }: BurnAlarm, badPercent: number): number | undefined {
  return badPercent > abovePercent ? (longSec * abovePercent) / badPercent : undefined;
}

/** Without the error of binary fractions, which would be in the plan. */
const round = (value: number) => Number(value.toPrecision(12));
