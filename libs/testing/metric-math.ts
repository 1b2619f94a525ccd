import type { Block } from './synthesised-stack';

/*
 * CloudWatch's metric math and alarm evaluation, as far as the estate's alarms use them
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html). An unknown function throws.
 */

/** A value, or undefined for a data point that is missing. */
export type Point = number | undefined;
type Value = Point | readonly Point[];

/**
 * Evaluates an expression at one time. Arithmetic with a missing point is missing; `FILL` replaces it; `MAX`, `MIN` and `SUM`
 * of a list skip it. Comparisons, `AND` and `OR` give 1 or 0.
 */
export function evaluateExpression(expression: string, metrics: Readonly<Record<string, Point>>): Point {
  const tokens = expression.match(/\d+(?:\.\d+)?|[A-Za-z_]\w*|>=|<=|==|!=|&&|\|\||[-+*/<>(),[\]]/g) ?? [];
  let at = 0;
  const peek = () => tokens[at];
  const take = (expected?: string): string => {
    const token = tokens[at++];
    if (token === undefined || (expected && token !== expected)) {
      throw new Error(`${expression}: expected ${expected ?? 'more'}, found ${token ?? 'the end'}`);
    }
    return token;
  };
  const binary =
    (next: () => Value, operators: Readonly<Record<string, (a: number, b: number) => number>>) => (): Value => {
      let left = next();
      for (let operator = peek(); operator !== undefined && Object.hasOwn(operators, operator); operator = peek()) {
        take();
        const [a, b] = [point(left), point(next())];
        left = a === undefined || b === undefined ? undefined : operators[operator]!(a, b);
      }
      return left;
    };
  const point = (value: Value): Point => {
    if (Array.isArray(value)) throw new Error(`${expression}: a list stands for a value`);
    return value as Point;
  };
  const known = (value: Value): number[] =>
    (Array.isArray(value) ? value : [value]).flatMap((each: Point) => each ?? []);
  const functions: Readonly<Record<string, (args: readonly Value[]) => Point>> = {
    FILL: ([series, value]) => point(series) ?? point(value),
    IF: ([condition, yes, no]) =>
      point(condition) === undefined ? undefined : point(condition) === 0 ? point(no) : point(yes),
    MAX: ([values]) => (known(values).length > 0 ? Math.max(...known(values)) : undefined),
    MIN: ([values]) => (known(values).length > 0 ? Math.min(...known(values)) : undefined),
    SUM: ([values]) => (known(values).length > 0 ? known(values).reduce((a, b) => a + b) : undefined),
  };
  const list = (end: string): Value[] => {
    const values = [anything()];
    while (peek() === ',') {
      take();
      values.push(anything());
    }
    take(end);
    return values;
  };
  const operand = (): Value => {
    const token = take();
    if (/^\d/.test(token)) return Number(token);
    if (token === '-') {
      const value = point(operand());
      return value === undefined ? undefined : -value;
    }
    if (token === '(') {
      const value = anything();
      take(')');
      return value;
    }
    if (token === '[') return list(']').map(point);
    if (peek() === '(') {
      if (!Object.hasOwn(functions, token)) throw new Error(`${expression}: ${token} is not a known function`);
      take('(');
      return functions[token]!(list(')'));
    }
    if (!Object.hasOwn(metrics, token)) throw new Error(`${expression}: there is no metric ${token}`);
    return metrics[token];
  };
  const product = binary(operand, { '*': (a, b) => a * b, '/': (a, b) => a / b });
  const sum = binary(product, { '+': (a, b) => a + b, '-': (a, b) => a - b });
  const truth = (value: boolean) => (value ? 1 : 0);
  const comparison = binary(sum, {
    '>': (a, b) => truth(a > b),
    '<': (a, b) => truth(a < b),
    '>=': (a, b) => truth(a >= b),
    '<=': (a, b) => truth(a <= b),
    '==': (a, b) => truth(a === b),
    '!=': (a, b) => truth(a !== b),
  });
  const both = (a: number, b: number) => truth(a !== 0 && b !== 0);
  const either = (a: number, b: number) => truth(a !== 0 || b !== 0);
  const conjunction = binary(comparison, { AND: both, '&&': both });
  const anything: () => Value = binary(conjunction, { OR: either, '||': either });
  const result = point(anything());
  if (at < tokens.length) throw new Error(`${expression}: ${tokens[at]} does not belong here`);
  return result;
}

/** One metric of an alarm, as in the synthesised JSON. */
export interface AskedMetric {
  readonly metricName: string;
  /** `Sum`, `p95`, `PR(:0.5)`. */
  readonly statistic: string;
  readonly dimensions: Readonly<Record<string, string>>;
}
/** The statistic of a metric between two times, the second excluded, in seconds; undefined without data. */
export type Telemetry = (metric: AskedMetric, fromSec: number, toSec: number) => Point;

/**
 * Whether a synthesised metric alarm is in ALARM at a time: its last periods end then, as with CloudWatch's sliding
 * evaluation window. Missing points are treated as the alarm says.
 */
export function isInAlarm(alarm: Block, atSec: number, telemetry: Telemetry): boolean {
  const periods = alarm['evaluation_periods'] as number;
  const queries = (alarm['metric_query'] ?? []) as Block[];
  const asked = (block: Block, statistic: string): AskedMetric => ({
    metricName: block['metric_name'] as string,
    statistic,
    dimensions: block['dimensions'] as Readonly<Record<string, string>>,
  });
  const measured = queries.flatMap(({ id, metric }) => (metric ? [{ id: id as string, metric: metric as Block }] : []));
  const periodSec = (alarm['period'] ?? measured[0]!.metric['period']) as number;
  if (measured.some(({ metric }) => metric['period'] !== periodSec)) throw new Error('metrics of different periods');
  const valueOf = (toSec: number): Point => {
    const fromSec = toSec - periodSec;
    if (measured.length === 0) {
      const statistic = (alarm['statistic'] ?? alarm['extended_statistic']) as string;
      return telemetry(asked(alarm, statistic), fromSec, toSec);
    }
    const metrics = measured.map(({ id, metric }) => [
      id,
      telemetry(asked(metric, metric['stat'] as string), fromSec, toSec),
    ]);
    const { expression } = queries.find(({ return_data: returned }) => returned === true)!;
    return evaluateExpression(expression as string, Object.fromEntries(metrics) as Record<string, Point>);
  };
  const threshold = alarm['threshold'] as number;
  return Array.from({ length: periods }, (_, index) => valueOf(atSec - index * periodSec)).every((value) => {
    if (value === undefined) return alarm['treat_missing_data'] === 'breaching';
    return alarm['comparison_operator'] === 'GreaterThanThreshold' ? value > threshold : value < threshold;
  });
}

/** Evaluates the rule of a composite alarm: names in `ALARM("…")`, `AND`, `OR`, parentheses. */
export function evaluateRule(rule: string, inAlarm: (name: string) => boolean): boolean {
  const names: string[] = [];
  const expression = rule.replaceAll(/ALARM\("([^"]*)"\)/g, (_, name: string) => `alarm${names.push(name) - 1}`);
  const states = names.map((name, index) => [`alarm${index}`, inAlarm(name) ? 1 : 0]);
  return evaluateExpression(expression, Object.fromEntries(states) as Record<string, number>) === 1;
}
