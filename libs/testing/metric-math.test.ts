import { evaluateExpression, evaluateRule, isInAlarm } from './metric-math';

test.each([
  ['1 + 2 * 3', 7],
  ['100 * (FILL(gone, 0) + a) / (a + b)', 40],
  ['gone + 1', undefined],
  ['gone * 0 - 1', undefined],
  ['MAX([gone, a, -3])', 2],
  ['MAX([gone])', undefined],
  ['SUM([a, b, gone])', 5],
  ['MIN([b, a])', 2],
  ['IF(a > b, 1, 0)', 0],
  ['IF(gone > b, 1, 0)', undefined],
  ['IF(a < b AND b >= 3, 10, 20)', 10],
  ['a == 3 OR b == 3', 1],
])('%s is %s', (expression, expected) => {
  expect(evaluateExpression(expression, { a: 2, b: 3, gone: undefined })).toBe(expected);
});

test('refuses what it does not know', () => {
  expect(() => evaluateExpression('RATE(a)', { a: 1 })).toThrow('RATE is not a known function');
  expect(() => evaluateExpression('c', { a: 1 })).toThrow('there is no metric c');
  expect(() => evaluateExpression('a a', { a: 1 })).toThrow('does not belong here');
});

test('a rule reads the alarms by name', () => {
  const rule = '(ALARM("a-1") AND ALARM("b")) OR ALARM("c")';
  const with_ = (...names: string[]) => evaluateRule(rule, (name) => names.includes(name));
  expect([with_('a-1'), with_('a-1', 'b'), with_('c'), with_()]).toEqual([false, true, true, false]);
});

test('an alarm needs all of its last periods, and treats missing ones as it says', () => {
  const alarm = {
    metric_name: 'Depth',
    statistic: 'Maximum',
    dimensions: {},
    period: 60,
    evaluation_periods: 3,
    threshold: 5,
    comparison_operator: 'GreaterThanThreshold',
    treat_missing_data: 'notBreaching',
  };
  const values = [6, 6, undefined, 6, 6, 6, 5];
  const at = (minute: number, missing: string) =>
    isInAlarm({ ...alarm, treat_missing_data: missing }, minute * 60, (_, fromSec) => values[fromSec / 60]);
  expect([3, 4, 5, 6, 7].map((minute) => at(minute, 'notBreaching'))).toEqual([false, false, false, true, false]);
  expect([3, 4, 5, 6, 7].map((minute) => at(minute, 'breaching'))).toEqual([true, true, true, true, false]);
});
