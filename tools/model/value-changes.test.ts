import { describeChange, valueChanges } from './value-changes';

const changes = (before: unknown, after: unknown, sensitive?: unknown) =>
  valueChanges('x', { value: before, sensitive }, { value: after, sensitive }).map(describeChange);

const rule = (port: number, cidr: string) => ({ from_port: port, to_port: port, cidr_blocks: [cidr], description: '' });

test('a rule that was added to a security group is named with its values', () => {
  expect(changes([rule(443, '10.0.0.0/8')], [rule(22, '0.0.0.0/0'), rule(443, '10.0.0.0/8')])).toEqual([
    'x: (none) → {"from_port":22,"to_port":22,"cidr_blocks":["0.0.0.0/0"]}',
  ]);
});

test('a value deep in the only block of its kind is named by its path', () => {
  expect(changes([{ a: { b: 1, c: 2 } }], [{ a: { b: 1, c: 3 } }])).toEqual(['x[0].a.c: 2 → 3']);
  expect(changes({ owner: 'network' }, { owner: 'app', more: 'y' })).toEqual([
    'x.more: (none) → "y"',
    'x.owner: "network" → "app"',
  ]);
  expect(changes(0, 7)).toEqual(['x: 0 → 7']);
});

test('nothing and nothing are the same', () => {
  expect(changes({ a: '', b: [] }, { b: null, c: {} })).toEqual([]);
  expect(changes([], undefined)).toEqual([]);
});

test.each<[string, unknown, unknown, unknown]>([
  ['a sensitive value', 'hunter2', 'hunter3', true],
  ['a sensitive list', ['hunter2'], ['hunter3'], true],
  ['a sensitive list of blocks', [{ a: 'hunter2' }], [{ a: 'hunter3' }], true],
  ['a sensitive field', { a: 1, password: 'hunter2' }, { a: 2, password: 'hunter3' }, { password: true }],
  ['a sensitive field that came', { a: 1 }, { a: 1, password: 'hunter2' }, { password: true }],
  ['a sensitive field of an element', [{ password: 'hunter2' }], [], [{ password: true }]],
  [
    'a sensitive field of one element of a set, whose marks are in another order',
    [{ n: 1 }, { n: 2, password: 'hunter2' }],
    [{ n: 3, password: 'hunter3' }, { n: 1 }],
    [{ password: true }, {}],
  ],
])('%s is masked', (_, before, after, sensitive) => {
  const said = changes(before, after, sensitive).join('\n');
  expect(said).not.toContain('hunter');
  expect(said).toContain('(sensitive)');
});

test('a long value is cut', () => {
  expect(changes('a', 'b'.repeat(1000))[0]!.length).toBeLessThan(320);
});
