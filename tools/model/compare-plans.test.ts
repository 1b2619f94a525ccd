import type { Configuration } from './configuration';
import { comparePlans } from './compare-plans';
import type { PlanJson, ResourceChange } from './plan';
import { dependentArguments } from './dependent-arguments';

type Change = ResourceChange;
const change = (
  address: string,
  actions: string[],
  after: object,
  more: Partial<Change> & { unknown?: object } = {},
) => {
  const { unknown, ...rest } = more;
  return {
    address,
    type: address.split('.')[0]!,
    mode: 'managed' as const,
    ...rest,
    change: { actions, after, after_unknown: unknown ?? {}, ...rest.change },
  };
};
const plan = (...resource_changes: Change[]): PlanJson => ({ resource_changes });
const nothing = () => false;
const compare = (one: PlanJson, other: PlanJson, more = {}) =>
  comparePlans(one, other, { dependsOn: nothing, ...more });

/** The object that a change is of. */
const was = (id: string) => ({ before: { id } }) as never;

const create = (after: object, more = {}) => plan(change('aws_vpc.Vpc', ['create'], after, more));

describe('two plans mean the same', () => {
  test('where they are equal', () => {
    expect(compare(create({ cidr: 'a' }), create({ cidr: 'a' }))).toEqual([]);
  });

  test('whatever the order of resources and what nothing happens to', () => {
    const [a, b] = [change('x.A', ['create'], {}), change('x.B', ['delete'], {})];
    const still = change('x.C', ['no-op'], { old: 1 });
    expect(compare(plan(a, b), plan(still, b, a))).toEqual([]);
  });

  test('where an argument differs whose value the plan could not show', () => {
    const dependsOn = (address: string, argument: string) => address === 'aws_vpc.Vpc' && argument === 'cidr';
    expect(compare(create({ cidr: 'example' }), create({ cidr: 'real' }), { dependsOn })).toEqual([]);
  });

  test('where a null is left out', () => {
    expect(compare(create({ cidr: null }), create({}))).toEqual([]);
  });
});

describe('two plans differ', () => {
  test.each([[['delete']], [['delete', 'create']], [['update']]])('where %p is of another object', (actions) => {
    const of = (id: string) => plan(change('x.A', actions, { id: null }, { change: was(id) }));
    for (const more of [{}, { begun: { creating: new Set(['x.A']) } }]) {
      expect(compare(of('1'), of('1'), more)).toEqual([]);
      expect(compare(of('1'), of('2'), more)).toEqual([
        expect.stringMatching(/^x\.A: would be .*, but it is "2" now; the plan showed "1"$/),
      ]);
    }
  });

  test('where another argument has another value', () => {
    const dependsOn = (_: string, argument: string) => argument === 'cidr';
    expect(compare(create({ cidr: 'a', name: 'b' }), create({ cidr: 'c', name: 'd' }), { dependsOn })).toEqual([
      'aws_vpc.Vpc: name would be "d"; the plan showed "b"',
    ]);
  });

  test('if it would overwrite an argument that was changed since', () => {
    const update = (before: object) =>
      plan(change('x.A', ['update'], { name: 'new' }, { change: { before } as never }));
    const [seen, theirs, done] = [update({ name: 'old' }), update({ name: 'theirs' }), update({ name: 'new' })];
    for (const more of [{}, { begun: { creating: new Set<string>() } }]) {
      expect(compare(seen, seen, more)).toEqual([]);
      expect(compare(seen, done, more)).toEqual([]);
      expect(compare(seen, theirs, more)).toEqual(['x.A: name is "theirs" now; it was "old" when the plan was made']);
    }
  });

  test('where something is replaced that was to be changed', () => {
    const update = plan(change('x.A', ['update'], {}));
    expect(compare(update, plan(change('x.A', ['delete', 'create'], {})))).toEqual([
      'x.A: was planned to be changed; now would be replaced',
    ]);
  });

  test('where something happens to more or to less', () => {
    const [a, b] = [change('x.A', ['create'], {}), change('x.B', ['delete'], {})];
    expect(compare(plan(a), plan(b))).toEqual([
      'x.A: was planned to be created; now nothing would be done',
      'x.B: would be destroyed; the plan did not show that',
    ]);
  });

  test('where an unknown value is known', () => {
    expect(compare(create({}, { unknown: { id: true } }), create({ id: 'vpc-1' }))).toEqual([
      'aws_vpc.Vpc: id would be "vpc-1"; the plan showed "(known after apply)"',
    ]);
  });

  test('where a resource moves', () => {
    const moved = change('x.B', ['no-op'], {}, { previous_address: 'x.A' });
    expect(compare(plan(), plan(moved))).toHaveLength(1);
  });

  test('where an output differs', () => {
    const output = (after: string) => ({ output_changes: { id: { actions: ['create'], after } } });
    expect(compare(output('a'), output('b'))).toEqual(['output.id: value would be "b"; the plan showed "a"']);
    expect(compare(output('a'), output('b'), { dependsOn: (address: string) => address === 'output.id' })).toEqual([]);
  });

  test('and secrets are not shown', () => {
    const secret = (after: string) =>
      plan({
        address: 'x.A',
        type: 'x',
        mode: 'managed',
        change: { actions: ['create'], after: { password: after }, after_sensitive: { password: true } },
      });
    const [text] = compare(secret('hunter1'), secret('hunter2'));
    expect(text).toBe('x.A: password (sensitive) would get another value than the plan showed');
  });
});

describe('after an apply that has begun', () => {
  const begun = { begun: { creating: new Set(['x.A']) } };

  test('what is done already may be missing', () => {
    expect(
      compare(
        plan(change('x.A', ['create'], {}), change('x.B', ['create'], {})),
        plan(change('x.B', ['create'], {})),
        begun,
      ),
    ).toEqual([]);
  });

  test('what was unknown may be known, also inside of lists', () => {
    const before = create({ rules: [{ port: 1 }, { port: 2 }] }, { unknown: { rules: [{ id: true }, { id: true }] } });
    const after = create({
      rules: [
        { port: 2, id: 'b' },
        { port: 1, id: 'a' },
      ],
    });
    expect(compare(before, after, begun)).toEqual([]);
    const other = create({
      rules: [
        { port: 2, id: 'b' },
        { port: 3, id: 'a' },
      ],
    });
    expect(compare(before, other, begun)).toHaveLength(1);
  });

  test('what was created in part is created again', () => {
    const half = change('x.A', ['delete', 'create'], {}, { action_reason: 'replace_because_tainted' });
    expect(compare(plan(change('x.A', ['create'], {})), plan(half), begun)).toEqual([]);
    expect(compare(plan(change('x.A', ['update'], {})), plan(half), begun)).toHaveLength(1);
    expect(compare(plan(change('x.A', ['create'], {})), plan(half))).toHaveLength(1);
  });

  test('keeps resources that another run partially created', () => {
    const part = change('x.A', ['delete', 'create'], {}, { action_reason: 'replace_because_tainted' });
    const other = { begun: { creating: new Set<string>() } };
    expect(compare(plan(change('x.A', ['create'], {})), plan(part), other)).toHaveLength(1);
  });

  test('a replacement goes on from either half', () => {
    const replaced = (...actions: string[]) => plan(change('x.A', actions, { name: 'n' }, { change: was('1') }));
    const created = plan(change('x.A', ['create'], { name: 'n' }));
    expect(compare(replaced('delete', 'create'), created, begun)).toEqual([]);
    expect(compare(replaced('delete', 'create'), created)).toEqual([
      'x.A: was planned to be replaced; now would be created',
    ]);
    const destroyed = (id: string) => plan(change('x.A', ['delete'], {}, { deposed: 'key', change: was(id) }));
    expect(compare(replaced('create', 'delete'), destroyed('1'), begun)).toEqual([]);
    expect(compare(replaced('create', 'delete'), destroyed('2'), begun)).toEqual([
      'x.A (deposed key): would be destroyed; the plan did not show that',
    ]);
    expect(compare(replaced('create', 'delete'), destroyed('1'))).toHaveLength(2);
  });

  test('something new is still something new', () => {
    expect(compare(plan(), plan(change('x.A', ['create'], {})), begun)).toHaveLength(1);
  });
});

describe('what depends on an assumed input', () => {
  const configuration: Configuration = {
    resource: {
      aws_route: {
        ToHub: {
          route_table_id: '${aws_route_table.T.id}',
          transit_gateway_id: '${data.terraform_remote_state.hub.outputs.id}',
        },
      },
      aws_route_table: { T: { vpc_id: 'x' } },
      aws_ssm_parameter: {
        Copy: { value: '${aws_route.ToHub.transit_gateway_id}', name: 'fixed' },
        Computed: { value: '${aws_route.ToHub["a"].state}', name: '${aws_route.ToHub.route_table_id}' },
      },
    },
    output: { id: { value: '${aws_ssm_parameter.Copy.value}' }, other: { value: '${aws_ssm_parameter.Copy.name}' } },
  };
  const assumed = [
    {
      address: 'aws_route.ToHub',
      argument: 'transit_gateway_id',
      stack: 'hub',
      field: 'id',
      source: 'example' as const,
    },
  ];
  const depends = dependentArguments(configuration, assumed);

  test.each<[string, string, boolean]>([
    ['aws_route.ToHub', 'transit_gateway_id', true],
    ['aws_route.ToHub["b"]', 'transit_gateway_id', true],
    ['aws_route.ToHub', 'route_table_id', false],
    ['aws_route.ToHub', 'state', true],
    ['aws_ssm_parameter.Copy', 'value', true],
    ['aws_ssm_parameter.Copy', 'name', false],
    ['aws_ssm_parameter.Computed', 'value', true],
    ['aws_ssm_parameter.Computed', 'name', false],
    ['output.id', 'value', true],
    ['output.other', 'value', false],
    ['aws_route_table.T', 'vpc_id', false],
  ])('%s %s: %s', (address, argument, expected) => {
    expect(depends(address, argument)).toBe(expected);
  });
});
