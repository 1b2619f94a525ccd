import fc from 'fast-check';
import type { PlanJson } from '@platform/tools/model/plan';
import { withoutUnusedBlocks, withLeftOutBlocks, type LeftOutBlocks } from './unused-blocks';
import { withEmptyBlocks, withoutEmptyBlocks } from './wire-values';

type Nested = readonly [name: string, nesting: 1 | 2 | 3 | 4, minItems: number, inside: readonly Nested[]];

const field = (number: number, content: Iterable<number>) => {
  const bytes = [...content];
  return [
    (number << 3) | 2,
    ...(bytes.length < 0x80 ? [] : [(bytes.length & 0x7f) | 0x80]),
    bytes.length >> (bytes.length < 0x80 ? 0 : 7),
    ...bytes,
  ];
};
const block = (nested: readonly Nested[]): number[] => [
  ...field(2, field(1, Buffer.from('arn'))),
  ...nested.flatMap(([name, nesting, minItems, inside]) =>
    field(3, [...field(1, Buffer.from(name)), ...field(2, block(inside)), 3 << 3, nesting, 4 << 3, minItems]),
  ),
];
const schema = (nested: readonly Nested[]) => Buffer.from([1 << 3, 0, ...field(2, block(nested))]);

const tree: LeftOutBlocks = {
  empty: new Map([
    ['geo', []],
    ['once', null],
  ]),
  within: new Map([['rule', { empty: new Map([['geo', []]]), within: new Map() }]]),
};

describe('blocks that a configuration does not use', () => {
  it('are left out at every depth, but for required ones and those of a map', () => {
    const whole = schema([
      [
        'rule',
        3,
        0,
        [
          ['geo', 2, 0, []],
          ['rate', 2, 0, []],
        ],
      ],
      ['geo', 2, 0, [['deep', 2, 0, []]]],
      ['once', 1, 0, []],
      ['needed', 2, 1, []],
      ['map', 4, 0, []],
    ]);
    const { schema: trimmed, leftOut } = withoutUnusedBlocks(whole, new Set(['rule', 'rate']));
    expect(leftOut).toEqual(tree);
    expect(trimmed).toEqual(
      schema([
        ['rule', 3, 0, [['rate', 2, 0, []]]],
        ['needed', 2, 1, []],
        ['map', 4, 0, []],
      ]),
    );
  });

  it('leave a schema as it is whose blocks are all used', () => {
    const whole = schema([['rule', 3, 0, [['geo', 2, 0, []]]]]);
    const { schema: trimmed, leftOut } = withoutUnusedBlocks(whole, new Set(['rule', 'geo']));
    expect([trimmed, leftOut.empty.size, leftOut.within.size]).toEqual([whole, 0, 0]);
  });

  it('are empty where a provider sees the value, and gone where Terraform sees it', () => {
    // {name: "x", rule: [{rate: 1}, unknown, {}], other: {geo: 1.5}}
    const value = Buffer.from([
      ...[0x83, 0xa4, ...Buffer.from('name'), 0xa1, 0x78],
      ...[0xa4, ...Buffer.from('rule'), 0x93, 0x81, 0xa4, ...Buffer.from('rate'), 1, 0xd4, 0, 0, 0x80],
      ...[0xa5, ...Buffer.from('other'), 0x81, 0xa3, ...Buffer.from('geo'), 0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0],
    ]);
    const whole = withEmptyBlocks(value, tree);
    const geo = [0xd9, 3, ...Buffer.from('geo'), 0x90];
    expect([...whole]).toEqual([
      ...[0x85, 0xa4, ...Buffer.from('name'), 0xa1, 0x78],
      ...[0xa4, ...Buffer.from('rule'), 0x93, 0x82, 0xa4, ...Buffer.from('rate'), 1, ...geo, 0xd4, 0, 0, 0x81, ...geo],
      ...[0xa5, ...Buffer.from('other'), 0x81, 0xa3, ...Buffer.from('geo'), 0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0],
      ...[...geo, 0xd9, 4, ...Buffer.from('once'), 0xc0],
    ]);
    expect(withoutEmptyBlocks(whole, tree)).toEqual(value);
  });

  it('are never taken from a value in which they are not empty', () => {
    const value = Buffer.from([0x81, 0xa3, ...Buffer.from('geo'), 0x91, 0x80]);
    expect(() => withoutEmptyBlocks(value, tree)).toThrow('block geo: it is not in the configuration and not empty');
  });

  it('are in what is shown of a plan, at every place of a value', () => {
    const values = { name: 'x', rule: [{ rate: 1 }] };
    const filled = { geo: [], name: 'x', once: null, rule: [{ geo: [], rate: 1 }] };
    const change = {
      actions: ['create'],
      before: null,
      after: values,
      after_unknown: { rule: [{}] },
      after_sensitive: {},
    };
    const resource = { type: 'aws_big', mode: 'managed', values, sensitive_values: {} };
    const plan = {
      planned_values: { root_module: { resources: [resource, { ...resource, type: 'aws_small' }] } },
      resource_changes: [{ address: 'aws_big.A', type: 'aws_big', mode: 'managed', change }],
    };
    expect(withLeftOutBlocks(plan as PlanJson, new Map([['aws_big', tree]]))).toEqual({
      planned_values: {
        root_module: {
          resources: [
            { ...resource, values: filled, sensitive_values: { geo: [] } },
            { ...resource, type: 'aws_small' },
          ],
        },
      },
      resource_changes: [
        {
          ...plan.resource_changes[0],
          change: {
            ...change,
            after: filled,
            after_unknown: { geo: [], rule: [{ geo: [] }] },
            after_sensitive: { geo: [] },
          },
        },
      ],
    });
  });
});

it('a value that is no MessagePack is refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
      const value = Buffer.from(bytes);
      try {
        withEmptyBlocks(value, { empty: new Map(), within: new Map() });
      } catch (error) {
        expect((error as Error).message).toMatch(/is no MessagePack$/);
        return;
      }
      expect(withEmptyBlocks(value, { empty: new Map(), within: new Map() })).toEqual(value);
    }),
  );
});
