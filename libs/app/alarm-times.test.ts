import { Lb } from '@cdktf/provider-aws/lib/lb';
import { Alarms } from '@platform/libs/observability/alarms';
import { detectionSec, planBurnAlarms } from '@platform/libs/observability/burn-rate';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { evaluateRule, isInAlarm, type AskedMetric, type Point } from '@platform/libs/testing/metric-math';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import type { Block } from '@platform/libs/testing/synthesised-stack';
import { BalancerAlarms } from './balancer-alarms';
import { ObjectiveAlarms } from './objective-alarms';

/*
 * The alarms' own expressions and rules, as synthesised, on made-up series of a load balancer.
 */

const { observability, applications } = exampleEnvironment();
const application = applications['app']!;
const { objectives } = observability;
const stack = synthConstruct((scope) => {
  const alarms = new Alarms(scope, 'Alarms', { name: 'app', accountId: '1', kmsKeyArn: 'arn:key' });
  const balancer = new Lb(scope, 'Balancer', {});
  new BalancerAlarms(scope, 'BalancerAlarms', { balancer, alarms, limits: application.alarms });
  new ObjectiveAlarms(scope, 'ObjectiveAlarms', { balancer, alarms, objectives });
});

/** Alarms by their address, which the rules refer to. */
const alarms = new Map(
  ['aws_cloudwatch_metric_alarm', 'aws_cloudwatch_composite_alarm'].flatMap((type) =>
    Object.entries(stack.json.resource![type]!).map(([name, alarm]) => [
      `\${${type}.${name}.alarm_name}`,
      alarm as Block,
    ]),
  ),
);
const find = (ending: string) => [...alarms.values()].find(({ alarm_name: name }) => name === `app-${ending}`)!;

/** What happens at the load balancer in one minute; undefined: nothing, so no metric has data. */
interface Minute {
  readonly requests: number;
  readonly errors?: number;
  /** Errors of the load balancer itself, which count as no requests. */
  readonly refused?: number;
  readonly slow?: number;
  readonly p95Sec?: number;
}
type Series = (minute: number) => Minute | undefined;

const sums = new WeakMap<Series, Map<string, number[]>>();
const counters: Readonly<Record<string, (minute: Minute) => number>> = {
  RequestCount: ({ requests }) => requests,
  HTTPCode_Target_5XX_Count: ({ errors = 0 }) => errors,
  HTTPCode_ELB_5XX_Count: ({ refused = 0 }) => refused,
  slow: ({ slow = 0 }) => slow,
};
/** Total of a counter before a minute. */
function totalBefore(series: Series, counter: string, minute: number): number {
  const of = sums.get(series) ?? new Map<string, number[]>();
  sums.set(series, of);
  const totals = of.get(counter) ?? [0];
  of.set(counter, totals);
  for (let next = totals.length; next <= minute; next++) {
    const now = series(next - 1);
    totals.push(totals[next - 1]! + (now ? counters[counter]!(now) : 0));
  }
  return totals[Math.max(minute, 0)]!;
}

const telemetry =
  (series: Series) =>
  ({ metricName, statistic }: AskedMetric, fromSec: number, toSec: number): Point => {
    const [from, to] = [fromSec / 60, toSec / 60];
    const count = (counter: string) => totalBefore(series, counter, to) - totalBefore(series, counter, from);
    // CloudWatch has no data of a counter without events.
    if (statistic === 'Sum') return count(metricName) || undefined;
    const requests = count('RequestCount');
    if (requests === 0) return undefined;
    if (statistic.startsWith('PR')) return (100 * (requests - count('slow'))) / requests;
    return series(to - 1)?.p95Sec;
  };

function fires(alarm: Block, minute: number, series: Series): boolean {
  if (alarm['alarm_rule'] === undefined) return isInAlarm(alarm, minute * 60, telemetry(series));
  return evaluateRule(alarm['alarm_rule'] as string, (name) => fires(alarms.get(name)!, minute, series));
}
/** First minute from `from` at which the alarm is in the state. */
function firstMinute(alarm: Block, series: Series, from: number, state: boolean): number {
  for (let minute = from; minute < from + 10_000; minute++) if (fires(alarm, minute, series) === state) return minute;
  return Infinity;
}

/** Four days without errors, then `badPercent` of 1,000 requests a minute for some minutes. */
const start = 4 * 24 * 60;
const incident =
  (kind: 'errors' | 'slow', badPercent: number, minutes: number): Series =>
  (minute) => ({
    requests: 1000,
    ...(minute >= start && minute < start + minutes ? { [kind]: 10 * badPercent } : {}),
  });

describe.each([
  ['availability', 'errors', objectives.availabilityPercent],
  ['latency', 'slow', objectives.latencyPercent],
] as const)('%s', (word, kind, percent) => {
  const plans = planBurnAlarms({ percent, windowDays: objectives.windowDays });
  const page = find(`${word}-burns-fast`);
  const ticket = find(`${word}-burns-slowly`);

  // As a multiple of the budget: what each pair is for, and just above its threshold.
  test.each([
    ['a total outage', 100 / (100 - percent), page, plans[0]!],
    ['a burn rate of 15', 15, page, plans[0]!],
    ['a burn rate of 7', 7, page, plans[1]!],
    ['a burn rate of 1.5', 1.5, ticket, plans[2]!],
  ])('%s is found after the published time, and its alarm ends with the short window', (_, burn, alarm, plan) => {
    const badPercent = burn * (100 - percent);
    const expected = Math.ceil(detectionSec(plan, badPercent)! / 60 - 1e-6);
    const lasts = expected + 60;
    const series = incident(kind, badPercent, lasts);
    // A window must be above its threshold, so one that is met exactly waits for the next minute.
    expect(firstMinute(alarm, series, start, true) - start).toBeGreaterThanOrEqual(expected);
    expect(firstMinute(alarm, series, start, true) - start).toBeLessThanOrEqual(expected + 1);
    const cleared = firstMinute(alarm, series, start + lasts, false) - (start + lasts);
    expect(cleared).toBeGreaterThan(0);
    // A total outage breaches the second pair too, whose short window is longer.
    const [, second] = plans;
    expect(cleared * 60).toBeLessThanOrEqual(burn > 15 ? second!.shortSec : plan.shortSec);
  });

  test('a burn rate below 1 fires nothing, however long', () => {
    const series = incident(kind, 0.9 * (100 - percent), 10_000);
    for (const alarm of [page, ticket]) expect(fires(alarm, start + 9000, series)).toBe(false);
  });

  test('a minute at five times the budget sends no page', () => {
    const series = incident(kind, 5 * (100 - percent), 1);
    expect(firstMinute(page, series, start, true)).toBe(Infinity);
  });
});

describe('ratios with missing data', () => {
  const errors = find('errors');
  const always =
    (minute: Minute | undefined): Series =>
    () =>
      minute;

  test.each([
    ['no request', undefined, false],
    ['requests and no error', { requests: 1000 }, false],
    ['errors of instances', { requests: 1000, errors: 20 }, true],
    ['only refused requests, which count as none', { requests: 0, refused: 100 }, true],
    ['one error of few requests', { requests: 5, errors: 1 }, false],
  ])('%s', (_, minute, expected) => {
    expect(fires(errors, 10, always(minute))).toBe(expected);
  });

  test('an outage that takes the metrics away ends the alarm on errors, which others must notice', () => {
    const series: Series = (minute) => (minute < 10 ? { requests: 1000, errors: 500 } : undefined);
    expect([fires(errors, 10, series), fires(errors, 11, series)]).toEqual([true, false]);
  });

  test('a minute without requests does not count as a slow one', () => {
    const slow = find('slow-answers');
    const series: Series = (minute) => (minute === 7 ? undefined : { requests: 1000, p95Sec: 2 });
    expect([fires(slow, 7, series), fires(slow, 9, series), fires(slow, 13, series)]).toEqual([true, false, true]);
  });
});

test('an incident notifies once for all that users notice, and its parts do not', () => {
  const all = find('incident');
  for (const part of ['errors', 'slow-answers', 'availability-burns-fast', 'latency-burns-fast']) {
    expect(find(part)['alarm_actions']).toBeUndefined();
    const address = [...alarms].find(([, alarm]) => alarm === find(part))![0];
    expect(all['alarm_rule']).toContain(`ALARM("${address}")`);
  }
  expect(all['alarm_actions']).toHaveLength(1);
  expect(find('availability-burns-slowly')['alarm_actions']).toHaveLength(1);
  const series = incident('errors', 100, 30);
  expect(fires(all, start + 5, series)).toBe(true);
});
