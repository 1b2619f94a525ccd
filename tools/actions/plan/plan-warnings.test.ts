import { planWarnings } from './plan-warnings';

type Value = Readonly<Record<string, unknown>>;
const resource = (type: string, actions: string[], before: Value, after: Value) => ({
  address: `${type}.Example`,
  type,
  mode: 'managed' as const,
  change: { actions, before, after },
});
const check = (actions: string[], before: number, after: number) =>
  resource('aws_route53_health_check', actions, { request_interval: before }, { request_interval: after });
const warnings = (...resource_changes: ReturnType<typeof resource>[]) => planWarnings({ resource_changes });

describe('a health check', () => {
  test.each([[['create', 'delete']], [['delete', 'create']]])(
    'that is replaced for its interval (%j) is named, with what a new check says',
    (actions) => {
      expect(warnings(check(actions, 30, 10))).toEqual([
        expect.stringMatching(
          /^aws_route53_health_check\.Example is replaced, because Route 53 cannot change its interval \(30 s to 10 s\): .*healthy/,
        ),
      ]);
    },
  );

  test('that is replaced for something else is named too', () => {
    expect(warnings(check(['create', 'delete'], 30, 30))).toEqual([
      expect.stringContaining('Example is replaced: until'),
    ]);
  });

  test.each([[['create']], [['update']], [['delete']], [['no-op']]])('that sees %j is not', (actions) => {
    expect(warnings(check(actions, 30, 10))).toEqual([]);
  });
});

describe('a group of instances', () => {
  const group = (before: number, after: number) =>
    resource('aws_autoscaling_group', ['update'], { max_size: before }, { max_size: after });
  const rule = resource('aws_lb_listener_rule', ['update'], {}, {});

  test('that gets its first ones with its requests is named, with what to do first', () => {
    expect(warnings(group(0, 24), rule)).toEqual([
      expect.stringContaining("applications.*.idleColour 'running' first"),
    ]);
  });

  test('that has some, loses them, or gets them before its requests is not', () => {
    expect(warnings(group(4, 24), rule)).toEqual([]);
    expect(warnings(group(24, 0), rule)).toEqual([]);
    expect(warnings(group(0, 24))).toEqual([]);
  });
});

test('a plan without changes has nothing to say', () => {
  expect(planWarnings({})).toEqual([]);
});
