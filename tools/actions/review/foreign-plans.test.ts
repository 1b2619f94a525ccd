import fc from 'fast-check';
import { readPlan } from '@platform/tools/model/read-plan';
import { reviewSchema, type Counts } from '@platform/tools/model/review';
import { noCounts } from '@platform/tools/model/plan-review';
import { assembleReview, reviewStack } from './assemble-review';
import { markdownOf } from './markdown';
import { renderPage } from './page/render-page';
import { sarifOf } from './sarif';
import { terminalText } from './terminal';

/*
 * Plans as Terraform from 1.5 and OpenTofu write them, in their documented format
 * (https://developer.hashicorp.com/terraform/internals/json-format, https://opentofu.org/docs/internals/json-format/), with what
 * each version adds. Next to each change stands what Terraform's last line counts for it.
 */

const secret = (number: number) => `s3cret-value-${number}`;

interface Made {
  readonly resource: object;
  readonly counts: Partial<Counts>;
}

const kinds: readonly (readonly [actions: readonly string[], counts: Partial<Counts>])[] = [
  [['no-op'], {}],
  [['create'], { add: 1 }],
  [['read'], {}],
  [['update'], { change: 1 }],
  [['delete', 'create'], { add: 1, destroy: 1, replace: 1 }],
  [['create', 'delete'], { add: 1, destroy: 1, replace: 1 }],
  [['delete'], { destroy: 1 }],
  [['forget'], { forget: 1 }],
  // `removed` with `destroy = false` of what is replaced: Terraform 1.12.
  [['create', 'forget'], { add: 1, forget: 1 }],
];

const values = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z_]{0,8}$/),
  fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string(), { maxLength: 3 })),
  { maxKeys: 4 },
);

const resource = fc
  .record({
    kind: fc.constantFrom(...kinds),
    type: fc.constantFrom(
      'aws_instance',
      'google_sql_database_instance',
      'azurerm_key_vault',
      'random_password',
      'null_resource',
    ),
    name: fc.stringMatching(/^[a-z][a-z0-9_-]{0,10}$/),
    index: fc.option(fc.oneof(fc.nat(5), fc.string()), { nil: undefined }),
    module: fc.option(fc.constantFrom('module.a', 'module.a["x"].module.b[0]'), { nil: undefined }),
    before: values,
    after: values,
    wholeIsSensitive: fc.boolean(),
    isUnknown: fc.boolean(),
    extras: fc.record({
      importing: fc.constantFrom(undefined, { id: 'i-1' }, { identity: { arn: 'a' } }, { unknown: true }),
      deposed: fc.constantFrom(undefined, 'a1b2c3d4'),
      action_reason: fc.constantFrom(undefined, 'replace_because_tainted', 'read_because_check_nested', 'a_new_reason'),
      previous_address: fc.constantFrom(undefined, 'aws_instance.former'),
      generated_config: fc.constantFrom(undefined, 'resource "aws_instance" "x" {}\n'),
      identity: fc.constantFrom(undefined, { id: 'i-1', account_id: '111111111111' }),
    }),
    number: fc.nat(1_000_000),
  })
  .map(({ kind: [actions, counted], type, name, index, module, before, after, number, ...rest }): Made => {
    const { wholeIsSensitive, isUnknown, extras } = rest;
    const isData = actions.includes('read');
    const key = index === undefined ? '' : `[${JSON.stringify(index)}]`;
    const address = `${module ? `${module}.` : ''}${isData ? 'data.' : ''}${type}.${name}${key}`;
    const has = (side: 'before' | 'after') =>
      side === 'before' ? !['create', 'read'].includes(actions.join()) : !['delete', 'forget'].includes(actions.join());
    const side = (side: 'before' | 'after', given: object) =>
      has(side) ? { ...given, hidden: secret(number), nested: [{ deep: { token: secret(number) } }] } : null;
    const marks = wholeIsSensitive ? true : { hidden: true, nested: [{ deep: { token: true } }] };
    const { importing, deposed, action_reason, previous_address, generated_config, identity } = extras;
    const isImported = importing !== undefined && !isData && !actions.includes('forget') && !actions.includes('delete');
    return {
      resource: {
        address,
        ...(module ? { module_address: module } : {}),
        mode: isData ? 'data' : 'managed',
        type,
        name,
        ...(index === undefined ? {} : { index }),
        provider_name: 'registry.opentofu.org/hashicorp/aws',
        ...(deposed && actions.join() === 'delete' ? { deposed } : {}),
        ...(action_reason ? { action_reason } : {}),
        ...(previous_address && actions.join() === 'update' ? { previous_address } : {}),
        change: {
          actions,
          before: side('before', before),
          after: side('after', after),
          after_unknown: isUnknown && has('after') ? { id: true, tags: [false, true] } : {},
          before_sensitive: has('before') ? marks : false,
          after_sensitive: has('after') ? marks : false,
          ...(isImported ? { importing } : {}),
          ...(generated_config ? { generated_config } : {}),
          ...(identity ? { before_identity: identity, after_identity: identity } : {}),
          ...(actions.length > 1 ? { replace_paths: [['hidden'], ['nested', 0, 'deep', 'token']] } : {}),
        },
      },
      counts: isImported ? { ...counted, import: 1 } : counted,
    };
  });

const program = fc.constantFrom(
  { format_version: '1.1', terraform_version: '1.5.0' },
  { format_version: '1.2', terraform_version: '1.5.7' },
  { format_version: '1.2', terraform_version: '1.8.5', complete: true, applyable: true, errored: false },
  { format_version: '1.2', terraform_version: '1.11.4', complete: true, applyable: true, errored: false },
  { format_version: '1.2', terraform_version: '1.14.0', complete: false, applyable: true, errored: false },
  { format_version: '1.2', terraform_version: '1.10.5', timestamp: '2026-11-30T00:00:00Z' },
  // One that is not out yet may add fields.
  { format_version: '1.9', terraform_version: '1.99.0', something_new: { a: [1] } },
);

const parts = fc.record({
  checks: fc.constantFrom(
    undefined,
    [],
    [
      {
        address: { kind: 'check', name: 'a', to_display: 'check.a' },
        status: 'fail',
        instances: [{ address: { to_display: 'check.a' }, status: 'fail', problems: [{ message: 'no' }] }],
      },
      { address: { kind: 'resource', mode: 'managed', to_display: 'aws_instance.a' }, status: 'unknown' },
    ],
  ),
  deferred_changes: fc.constantFrom(undefined, [
    {
      reason: 'instance_count_unknown',
      resource_change: {
        address: 'aws_instance.later["*"]',
        mode: 'managed',
        type: 'aws_instance',
        name: 'later',
        change: { actions: ['create'], before: null, after: { hidden: secret(0) }, after_sensitive: { hidden: true } },
      },
    },
  ]),
  action_invocations: fc.constantFrom(undefined, [
    {
      address: 'action.aws_lambda_invoke.notify',
      type: 'aws_lambda_invoke',
      name: 'notify',
      config_values: { payload: secret(0) },
      config_sensitive: { payload: true },
    },
  ]),
  relevant_attributes: fc.constantFrom(undefined, [{ resource: 'aws_instance.a', attribute: ['tags', 0] }]),
  resource_drift: fc.constantFrom(undefined, []),
  variables: fc.constantFrom(undefined, { size: { value: 1 } }),
  output_changes: fc.constantFrom(undefined, {
    key: {
      actions: ['create'],
      before: null,
      after: secret(0),
      after_unknown: false,
      before_sensitive: true,
      after_sensitive: true,
    },
    later: { actions: ['update'], before: 'a', after_unknown: true, before_sensitive: false, after_sensitive: false },
  }),
  prior_state: fc.constantFrom(undefined, {
    format_version: '1.0',
    terraform_version: '1.5.0',
    values: { root_module: {} },
  }),
  configuration: fc.constantFrom(undefined, { provider_config: {}, root_module: {} }),
});

const facts = {
  stack: 'plan',
  source: 'plan.json',
  project: null,
  region: null,
  awsRegion: null,
  owner: null,
  account: null,
} as const;

test('plans of every version are counted as Terraform counts, follow the schema, and show no sensitive value', () => {
  fc.assert(
    fc.property(program, parts, fc.array(resource, { maxLength: 8 }), (version, more, made) => {
      const document = {
        ...version,
        planned_values: { root_module: {} },
        ...(made.length > 0 ? { resource_changes: made.map((each) => each.resource) } : {}),
        ...more,
      };
      const plan = readPlan(Buffer.from(JSON.stringify(document)));
      const stack = reviewStack({ ...facts, reads: [], status: 'changed', reasons: [], assumed: [] }, plan, null);
      const review = assembleReview([stack], estate);
      const names = ['import', 'add', 'change', 'destroy', 'replace', 'forget'] as const;
      const expected = made.reduce(
        (sum, { counts }) => Object.fromEntries(names.map((name) => [name, sum[name]! + (counts[name] ?? 0)])),
        { ...noCounts } as Record<string, number>,
      );
      expect(review.counts).toMatchObject(Object.fromEntries(names.map((name) => [name, expected[name]])));
      const warnings = stack.review.warnings.join('\n');
      expect(warnings.includes('aws_instance.later')).toBe(more.deferred_changes !== undefined);
      expect(warnings.includes('action.aws_lambda_invoke.notify')).toBe(more.action_invocations !== undefined);
      const json = JSON.stringify(review);
      expect(reviewSchema.safeParse(JSON.parse(json)).error).toBeUndefined();
      const markdown = markdownOf(review);
      expect(markdown.length).toBeLessThan(65_536);
      for (const text of [
        json,
        markdown,
        terminalText(review),
        JSON.stringify(sarifOf(review)),
        renderPage(review, null),
      ]) {
        expect(text).not.toMatch(/s3cret-value/);
      }
    }),
    { numRuns: 400 },
  );
});

const estate = {
  environment: null,
  level: null,
  mode: null,
  target: 'plans',
  base: null,
  head: null,
  affected: null,
  assumptions: [],
  reachability: null,
  parity: [],
  configurations: new Map(),
  standbys: [],
  violations: [],
  broken: [],
  dependencies: [],
  unrehearsed: [],
  resilience: null,
  undeclared: [],
  githubOrganisation: null,
  waivers: [],
  today: '2026-11-30',
} as const;
