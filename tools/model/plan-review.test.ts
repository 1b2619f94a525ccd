import fc from 'fast-check';
import { reviewPlan, countsLine } from './plan-review';
import { readPlan, UnreadablePlan } from './read-plan';
import { judgePlan } from './risk/judge';
import { samplePlan, sampleSecrets, secretPlaces } from './testing/sample-plan';

const place = { stack: 'sample', project: null, region: null, owner: null };
const everything = (plan: ReturnType<typeof samplePlan>) => JSON.stringify([reviewPlan(plan), judgePlan(plan, place)]);

test("counts as Terraform's last line does", () => {
  const { counts } = reviewPlan(samplePlan());
  expect(countsLine(counts)).toBe('Plan: 1 to import, 2 to add, 1 to change, 3 to destroy, 1 to forget.');
  expect(counts).toMatchObject({ replace: 1, move: 1, drift: 1 });
});

test('says what happens to each resource, and from where it comes', () => {
  const { resources } = reviewPlan(samplePlan());
  expect(resources.map(({ address, action }) => `${action} ${address}`)).toEqual([
    'create aws_vpc.Made',
    'replace aws_db_instance.Replaced',
    'update aws_lambda_function.Updated',
    'delete aws_s3_bucket.Gone',
    'move aws_sns_topic.Moved',
    'import aws_sqs_queue.Imported',
    'forget aws_iam_user.Forgotten',
    'delete aws_ebs_volume.Left',
    'read data.aws_ami.Read',
  ]);
  expect(resources.find(({ action }) => action === 'replace')).toMatchObject({
    forcedBy: ['identifier'],
    stateful: 'a database',
  });
  expect(resources.find(({ action }) => action === 'move')).toMatchObject({ movedFrom: 'aws_sns_topic.Old' });
  expect(resources.find(({ action }) => action === 'import')).toMatchObject({ imported: 'https://sqs/q' });
});

test('prints no sensitive value, also where it is repeated without a mark', () => {
  const text = everything(samplePlan());
  for (const secret of sampleSecrets) expect(text).not.toContain(secret);
});

const marked = (before: object, after: object, marks: object) => {
  const change = { actions: ['update'], before, after, before_sensitive: marks, after_sensitive: marks };
  const plan = { resource_changes: [{ address: 'aws_x.A', type: 'aws_x', mode: 'managed', change }] };
  return everything(plan as unknown as ReturnType<typeof samplePlan>);
};

test.each<[string, object, object, object]>([
  ['a number', { port: 84431 }, { port: 84432 }, { port: true }],
  ['a number in a list', { ports: [84431] }, { ports: [84432, 84433] }, { ports: [true, true] }],
  ['a number in an added block', { block: [] }, { block: [{ on: true, port: 84431 }] }, { block: [{ port: true }] }],
  ['a map as a whole', { tags: { a: 84431 } }, { tags: { a: 84432, b: 84433 } }, { tags: true }],
])('prints no sensitive value that is %s', (_, before, after, marks) => {
  const text = marked(before, after, marks);
  expect(text).not.toContain('8443');
  expect(text).toContain('(sensitive)');
});

test('prints a sensitive word nowhere as a whole value, and leaves it inside of other texts', () => {
  const text = marked(
    { user: 'master', name: '' },
    { user: 'postgres', name: 'postgres', engine: 'aurora-postgresql' },
    { user: true },
  );
  expect(text).not.toContain('"postgres"');
  expect(text).toContain('aurora-postgresql');
});

test.each(['__proto__', 'constructor', 'toString'])('a resource of type %s is like any other', (type) => {
  const change = { actions: ['update'], before: { a: 1 }, after: { a: 2 } };
  const plan = { resource_changes: [{ address: `${type}.A`, type, mode: 'managed', change }] };
  expect(everything(plan as unknown as ReturnType<typeof samplePlan>)).toContain('"a"');
});

/** Every place of a document, as paths. */
function places(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inside]) => places(inside, [...path, name]))];
}

const everywhere = places(samplePlan()).filter((path) => path.length > 0);
const isMark = (path: readonly string[]) => path.some((name) => name.includes('sensitive'));
const at = (document: unknown, path: readonly string[]) =>
  path.reduce<unknown>((inside, name) => (inside as Record<string, unknown> | null | undefined)?.[name], document);

const damage = fc.record({
  place: fc.nat(),
  value: fc.oneof(
    fc.constant(undefined),
    fc.constantFrom(
      null,
      true,
      false,
      0,
      -1,
      '',
      '__proto__',
      'constructor',
      [],
      {},
      [[]],
      { true: true },
      'x'.repeat(5000),
    ),
    fc.jsonValue(),
  ),
});

/** The places are those of the whole plan: a second damage may find its own gone. */
function damaged(document: object, { place, value }: { readonly place: number; readonly value: unknown }): unknown {
  const path = everywhere[place % everywhere.length]!;
  const copy = structuredClone(document);
  const parent = at(copy, path.slice(0, -1)) as Record<string, unknown>;
  if (typeof parent !== 'object' || parent === null) return copy;
  if (value === undefined) delete parent[path.at(-1)!];
  else parent[path.at(-1)!] = value;
  return copy;
}

test('a damaged plan is reviewed or refused by one line, and never shows a sensitive value', () => {
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 4 }), (damages) => {
      // What marks a text as sensitive must stay for the test to know that it is.
      const kept = damages.filter(({ place }) => !isMark(everywhere[place % everywhere.length]!));
      const document = kept.reduce<unknown>(
        (whole, each) => (typeof whole === 'object' && whole !== null ? damaged(whole, each) : whole),
        samplePlan(),
      );
      const secrets = sampleSecrets.filter((secret, index) => {
        const path = secretPlaces[index];
        return path !== undefined && at(document, path) === secret;
      });
      const file = Buffer.from(JSON.stringify(document));
      let text: string;
      try {
        text = everything(readPlan(file));
      } catch (error) {
        if (!(error instanceof UnreadablePlan)) throw error;
        text = error.message;
        expect(text).not.toMatch(/\n/);
        expect(text).toMatch(/; /);
      }
      for (const secret of secrets) expect(text).not.toContain(secret);
    }),
    { numRuns: 1500 },
  );
});

test('a plan that is cut or overwritten anywhere is reviewed or refused by one line', () => {
  const whole = Buffer.from(JSON.stringify(samplePlan()));
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 8 }), fc.boolean(), (at, bytes, cut) => {
      const file = cut
        ? whole.subarray(0, at)
        : Buffer.concat([whole.subarray(0, at), bytes, whole.subarray(at + bytes.length)]);
      try {
        everything(readPlan(file));
      } catch (error) {
        if (!(error instanceof UnreadablePlan)) throw error;
        expect(error.message).toMatch(/^[^\n]+; [^\n]+$/);
      }
    }),
    { numRuns: 1500 },
  );
});
