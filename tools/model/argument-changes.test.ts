import { argumentChanges, type ComparedChange } from './argument-changes';

const lines = (change: ComparedChange) =>
  argumentChanges(change).map(({ path, before, after, marks }) =>
    `${path}: ${JSON.stringify(before)} → ${JSON.stringify(after)} ${marks.join()}`.trim(),
  );

test('names the changed arguments as deep as they can be named', () => {
  const before = { cidr: '10.0.0.0/16', tags: { a: '1', b: '2' }, same: [1, 2] };
  const after = { cidr: '10.1.0.0/16', tags: { a: '1', b: '3', 'a.b': 'x' }, same: [1, 2] };
  expect(lines({ before, after, replace_paths: [['cidr']] })).toEqual([
    'cidr: "10.0.0.0/16" → "10.1.0.0/16" forces replacement',
    'tags.a.b: null → "x"',
    'tags.b: "2" → "3"',
  ]);
});

test('matches the elements of a set by what identifies them, whatever their order', () => {
  const before = {
    rule: [
      { name: 'a', port: 1 },
      { name: 'b', port: 2 },
      { name: 'c', port: 3 },
    ],
  };
  const after = {
    rule: [
      { name: 'c', port: 3 },
      { name: 'b', port: 9 },
      { name: 'd', port: 4 },
    ],
  };
  expect(lines({ before, after })).toEqual([
    'rule[name=b].port: 2 → 9',
    'rule: {"name":"a","port":1} → null',
    'rule: null → {"name":"d","port":4}',
  ]);
});

test('names the texts of a set that went and came', () => {
  expect(lines({ before: { ids: ['a', 'b', 'b'] }, after: { ids: ['b', 'c'] } })).toEqual([
    'ids: "a" → null',
    'ids: "b" → null',
    'ids: null → "c"',
  ]);
});

test('masks a value that is sensitive on either side, also in lists whose marks are in another order', () => {
  const before = {
    password: 'old',
    list: [
      { key: 'a', secret: 'one' },
      { key: 'b', secret: 'two' },
    ],
  };
  const after = {
    password: 'new',
    list: [
      { key: 'b', secret: 'six' },
      { key: 'a', secret: 'one' },
    ],
  };
  const text = lines({
    before,
    after,
    before_sensitive: { password: true },
    after_sensitive: { list: [{}, { secret: true }] },
  });
  expect(text).toEqual([
    'list[key=b].secret: "(sensitive)" → "(sensitive)" sensitive',
    'password: "(sensitive)" → "(sensitive)" sensitive',
  ]);
});

test('masks the whole value where its marks have another shape', () => {
  expect(lines({ before: { a: 'secret' }, after: { a: 'other' }, after_sensitive: { a: { b: true } } })).toEqual([
    'a: "(sensitive)" → "(sensitive)" sensitive',
  ]);
});

test('says which values only the apply tells', () => {
  expect(
    lines({
      before: { arn: 'x', list: ['a'] },
      after: { list: ['a', null] },
      after_unknown: { arn: true, list: [false, true] },
    }),
  ).toEqual(['arn: "x" → "(known after apply)" unknown', 'list: null → "(known after apply)" unknown']);
});

test.each([
  ['the order of fields', '{"a":1,"b":2}', '{"b": 2, "a": 1}'],
  [
    'a list of one action',
    '{"Statement":[{"Action":["s3:Get"],"Effect":"Allow"}]}',
    '{"Statement":{"Effect":"Allow","Action":"s3:Get"}}',
  ],
  ['the order of actions', '{"Statement":[{"Action":["a","b"]}]}', '{"Statement":[{"Action":["b","a"]}]}'],
])('marks JSON that differs only in %s', (_, before, after) => {
  expect(argumentChanges({ before: { policy: before }, after: { policy: after } })).toMatchObject([
    { path: 'policy', marks: ['formatting only'] },
  ]);
});

test.each([
  ['an element of another list', '{"a":["x","y"]}', '{"a":["y","x"]}'],
  ['digits that a number loses', '{"a":12345678901234567890}', '{"a":12345678901234567891}'],
  ['a name that stands there twice', '{"a":1,"a":2}', '{"a":2}'],
  ['a condition', '{"Statement":[{"Condition":{"a":["x","y"]}}]}', '{"Statement":[{"Condition":{"a":["y","x"]}}]}'],
])('does not take %s for formatting', (_, before, after) => {
  const found = argumentChanges({ before: { policy: before }, after: { policy: after } });
  expect(found.length).toBeGreaterThan(0);
  expect(found.flatMap(({ marks }) => marks)).not.toContain('formatting only');
});

test('names the changed part of a policy by the statement that it is in', () => {
  const policy = (action: string) =>
    JSON.stringify({
      Statement: [
        { Sid: 'Read', Action: action },
        { Sid: 'Other', Action: 'x' },
      ],
    });
  expect(lines({ before: { policy: policy('s3:Get') }, after: { policy: policy('s3:*') } })).toEqual([
    'policy.Statement[Sid=Read].Action: "s3:Get" → "s3:*"',
  ]);
});

test('an empty value that is written in another way is formatting, and one that comes is not', () => {
  const marksOf = (before: unknown, after: unknown) =>
    argumentChanges({ before: { tags: before }, after: { tags: after } }).map(({ marks }) => marks);
  for (const [before, after] of [
    [null, {}],
    [[], null],
    ['', null],
  ]) {
    expect(marksOf(before, after)).toEqual([['formatting only']]);
  }
  expect(marksOf(null, { one: 'two' })).toEqual([[]]);
  expect(marksOf({}, null)).not.toEqual([[]]);
  expect(argumentChanges({ before: { a: null }, after: { a: null }, after_unknown: { a: true } })[0]!.marks).toEqual([
    'unknown',
  ]);
});
