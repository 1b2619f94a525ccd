import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from '@platform/libs/contract/contract';
import { compareEstates } from '@platform/tools/actions/change/compare-estates';
import { planPairs } from '@platform/tools/actions/change/plan-change';
import { writeEstate, type WrittenStack } from '@platform/tools/actions/change/testing/written-estate';
import type { PlanJson } from '@platform/tools/model/plan';
import type { Cost, Finding } from '@platform/tools/model/review';
import { estateRules } from '@platform/tools/model/risk/process-rules';
import { findRoot } from '@platform/tools/workspace/find-root';
import {
  assembleReview,
  failedStack,
  reviewStack,
  unchangedStack,
  type EstateFacts,
  type ReviewedStack,
} from './assemble-review';

jest.setTimeout(300_000);

const estateFacts: EstateFacts = {
  environment: 'prod',
  level: 'standby',
  mode: 'active-passive',
  target: 'preview',
  base: null,
  head: null,
  affected: null,
  assumptions: [],
  reachability: null,
  parity: [],
  configurations: new Map(),
  standbys: ['ap'],
  violations: [],
  broken: [],
  dependencies: [],
  unrehearsed: [],
  resilience: null,
  undeclared: [],
  githubOrganisation: null,
  waivers: [],
  today: '2026-11-30',
};

const tested = new Set<string>();
function foundBy(rule: string, stacks: readonly ReviewedStack[], facts: Partial<EstateFacts> = {}): Finding[] {
  tested.add(rule);
  return assembleReview(stacks, { ...estateFacts, ...facts }).findings.filter((each) => each.rule === rule);
}

describe('rules on an estate, with plans of the real Terraform', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'estate rules-'));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  const table = (recovery: boolean, tags: object = {}) => ({
    resource: {
      aws_dynamodb_table: {
        Main: {
          name: 'main',
          billing_mode: 'PAY_PER_REQUEST',
          hash_key: 'id',
          attribute: [{ name: 'id', type: 'S' }],
          point_in_time_recovery: { enabled: recovery },
          tags,
        },
      },
    },
  });
  const group = (max_size: number) => ({
    resource: {
      aws_autoscaling_group: {
        Main: { min_size: 1, max_size, launch_configuration: 'main', vpc_zone_identifier: ['subnet-1'] },
      },
    },
  });
  const topic = (name: string) => ({ resource: { aws_sns_topic: { Main: { name } } } });
  const network = (cidr_block: string) => ({
    resource: { aws_vpc: { Main: { cidr_block } } },
    output: { vpcId: { value: '${aws_vpc.Main.id}' } },
  });
  const reader = (of: string) => ({
    resource: {
      aws_security_group: { Main: { name: 'main', vpc_id: `\${data.terraform_remote_state.${of}.outputs.vpcId}` } },
    },
  });
  const asserting = (name: string, expected: string) => ({
    ...topic(name),
    check: {
      Name: { assert: { condition: `\${aws_sns_topic.Main.name == "${expected}"}`, error_message: 'another name' } },
    },
  });
  const fields = { vpcId: text('Id', 'vpc-00000000000000000') };

  /** In both regions, before and after. */
  const counterparts: Readonly<Record<string, readonly [before: object, us: object, ap: object]>> = {
    weakened: [table(true), table(false), table(false)],
    once: [table(true), table(false), table(true, { changed: 'yes' })],
    single: [topic('main'), topic('other'), topic('main')],
    smaller: [group(4), group(4), group(3)],
    larger: [group(4), group(6), group(6)],
  };
  const single: Readonly<Record<string, readonly [before: WrittenStack, after: WrittenStack]>> = {
    network: [
      { fields, blocks: network('10.0.0.0/16') },
      { fields, blocks: network('10.1.0.0/16') },
    ],
    reader: [
      { reads: ['network'], blocks: reader('network') },
      { reads: ['network'], blocks: reader('network') },
    ],
    failing: [{ blocks: network('10.0.0.0/16') }, { blocks: network('10.0.0.0/99') }],
    checked: [{ blocks: asserting('one', 'one') }, { blocks: asserting('two', 'one') }],
    kept: [{ blocks: asserting('one', 'one') }, { blocks: asserting('two', 'two') }],
    upgraded: [
      { blocks: topic('one'), version: '>= 5.0' },
      { blocks: topic('two'), version: '5.100.0' },
    ],
  };
  const side = (after: boolean) =>
    Object.fromEntries([
      ...Object.entries(counterparts).flatMap(([folder, [before, us, ap]]) =>
        (['us', 'ap'] as const).map((key) => {
          const blocks = (after ? { us, ap }[key] : before) as WrittenStack['blocks'];
          return [`region-${key}-${folder}`, { project: `region-${key}/${folder}`, blocks }] as const;
        }),
      ),
      ...Object.entries(single).map(([stack, sides]) => [stack, sides[after ? 1 : 0]] as const),
    ]);

  let stacks: readonly ReviewedStack[];
  let configurations: EstateFacts['configurations'];
  beforeAll(async () => {
    const [base, head] = [
      writeEstate(join(scratch, 'base'), side(false)),
      writeEstate(join(scratch, 'head'), side(true)),
    ];
    const pairs = compareEstates(base, head);
    const outdir = join(scratch, 'plans');
    const change = await planPairs({ base: {}, head, pairs }, { root: findRoot(__dirname), outdir });
    configurations = new Map(
      pairs.map((pair) => [pair.stack, { base: pair.base!.configuration, head: pair.head!.configuration }]),
    );
    stacks = change.stacks.flatMap(({ stack, project, region, awsRegion, owner, account, description, outcome }) => {
      const { reads } = description;
      const facts = {
        stack,
        project,
        region,
        awsRegion,
        owner,
        account,
        reads,
        reasons: [],
        source: null,
        assumed: [],
      };
      if (outcome.status === 'failed') return [failedStack({ ...facts, status: 'changed' }, outcome.errors)];
      if (outcome.status === 'unchanged') return [unchangedStack({ ...facts, status: 'unchanged' })];
      return [reviewStack({ ...facts, status: 'changed', assumed: outcome.assumed }, outcome.plan, null)];
    });
  });

  const whereFound = (rule: string) => foundBy(rule, stacks, { configurations }).map(({ where }) => where.stack);

  test('plan-failed finds the stack that cannot be planned, and no other', () => {
    expect(whereFound('plan-failed')).toEqual(['failing']);
  });

  test('both-regions-at-risk finds a risk of both regions, and not one of one region', () => {
    const found = foundBy('both-regions-at-risk', stacks, { configurations });
    expect(found.map(({ what }) => what)).toEqual([
      'backups-weakened of aws_dynamodb_table.Main is found in region-us-weakened and region-ap-weakened',
    ]);
  });

  test('both-regions finds what changes in both regions, and not what changes in one', () => {
    const found = foundBy('both-regions', stacks, { configurations }).map(({ what }) => what.split(' ')[0]);
    expect(found).toEqual(expect.arrayContaining(['weakened', 'once', 'larger']));
    expect(found).not.toEqual(expect.arrayContaining(['single']));
    expect(found).not.toEqual(expect.arrayContaining(['smaller']));
  });

  test('standby-smaller finds a standby that becomes smaller, and not regions that grow together', () => {
    expect(whereFound('standby-smaller')).toEqual(['region-ap-smaller']);
  });

  test('assumed-inputs finds a reader of a value that the apply tells, and not what reads nothing', () => {
    expect(whereFound('assumed-inputs')).toEqual(['reader']);
  });

  test('check-failed finds a check that the change breaks, and not one that it keeps', () => {
    expect(whereFound('check-failed')).toEqual(['checked']);
  });

  test('provider-version finds another constraint, and no stack that keeps its own', () => {
    const found = foundBy('provider-version', stacks, { configurations });
    expect(found.map(({ what }) => what)).toEqual(['provider aws goes from >= 5.0 to 5.100.0 in upgraded']);
  });
});

const facts = {
  stack: 'region-us-app',
  project: 'region-us/app',
  region: 'us',
  awsRegion: 'us-east-1',
  owner: 'application',
  account: 'workload',
  reads: [],
  status: 'changed',
  reasons: [],
  source: null,
  assumed: [],
} as const;

test('drift finds what somebody changed, and not what an operation such as a failover explains', () => {
  const drifted = (type: string, before: object, after: object): PlanJson => ({
    resource_drift: [
      { address: `${type}.Main`, mode: 'managed', type, name: 'Main', change: { actions: ['update'], before, after } },
    ],
  });
  const found = (plan: PlanJson) => foundBy('drift', [reviewStack(facts, plan, null)]).map(({ what }) => what);
  expect(found(drifted('aws_sqs_queue', { delay_seconds: 0 }, { delay_seconds: 5 }))).toEqual([
    'aws_sqs_queue.Main was changed outside of Terraform: delay_seconds',
  ]);
  expect(found(drifted('aws_autoscaling_group', { desired_capacity: 2 }, { desired_capacity: 4 }))).toEqual([]);
  expect(found(drifted('aws_sqs_queue', { tags: null }, { tags: {} }))).toEqual([]);
  expect(found(drifted('aws_sqs_queue', { tags: null }, { tags: { owner: 'somebody' } }))).toEqual([
    'aws_sqs_queue.Main was changed outside of Terraform: tags',
  ]);
});

test('the rules on reachability find a violation, and pairs that gain and lose reach', () => {
  const pair = { from: 'us/vpc', to: 'ap/vpc' };
  const found = (rule: string, given: Partial<EstateFacts>) => foundBy(rule, [], given).map(({ what }) => what);
  expect(found('reachability-violated', { violations: ['vpc reaches\n  partner'] })).toEqual(['vpc reaches partner']);
  expect(found('reachability-violated', {})).toEqual([]);
  const [gained, lost] = [
    { gained: [pair], lost: [] },
    { gained: [], lost: [pair] },
  ];
  expect(found('reach-gained', { reachability: gained })).toEqual(['us/vpc reaches ap/vpc after the change']);
  expect(found('reach-gained', { reachability: lost })).toEqual([]);
  expect(found('reach-lost', { reachability: lost })).toEqual(['us/vpc does not reach ap/vpc after the change']);
  expect(found('reach-lost', { reachability: gained })).toEqual([]);
});

test('read-resource-replaced finds what others read, and not what only follows, holds data, or nothing reads', () => {
  const of = (name: string, type: string, argument: string) => ({
    address: `${type}.${name}`,
    mode: 'managed',
    type,
    name,
    change: { actions: ['delete', 'create'], before: {}, after: {}, replace_paths: [[argument]] },
  });
  const plan = {
    resource_changes: [
      of('Network', 'aws_vpc', 'cidr_block'),
      of('App', 'aws_subnet', 'vpc_id'),
      of('Table', 'aws_dynamodb_table', 'name'),
    ],
  } as unknown as PlanJson;
  const head = { resource: { aws_subnet: { App: { vpc_id: '${aws_vpc.Network.id}' } } } };
  const configurations = new Map([[facts.stack, { head }]]);
  const found = (reads: readonly string[]) =>
    foundBy(
      'read-resource-replaced',
      [reviewStack(facts, plan, null), unchangedStack({ ...facts, stack: 'reader', reads, status: 'unchanged' })],
      { configurations },
    ).map(({ where, what }) => [where.address, what]);
  expect(found([facts.stack])).toEqual([
    ['aws_vpc.Network', 'aws_vpc.Network is replaced, and reader reads its stack'],
  ]);
  expect(found([])).toEqual([]);
});

test('parity finds an undeclared difference of counterparts, and nothing where there is none', () => {
  const undeclared = [{ stack: facts.stack, address: 'aws_vpc.Main', what: 'they differ' }];
  const plan = reviewStack(facts, {}, null);
  expect(foundBy('parity', [plan], { undeclared })).toEqual([
    expect.objectContaining({ what: 'they differ', owner: 'application', level: 'warn' }),
  ]);
  expect(foundBy('parity', [plan])).toEqual([]);
});

test.each([
  ['a tenth and 100 dollars', 1000, 1100, 1],
  ['a tenth and less than 100 dollars', 999, 1098.9, 0],
  ['100 dollars and less than a tenth', 1001, 1101, 0],
  ['everything, where nothing was', 0, 5000, 0],
  ['a cut', 1100, 1000, 0],
])('cost-raised: %s', (_, before, after, count) => {
  const cost: Cost = { before, after, unconfirmed: 0, unknown: [] };
  expect(foundBy('cost-raised', [reviewStack(facts, {}, cost)])).toHaveLength(count);
});

test('every rule on the estate is tested here', () => {
  expect([...tested].sort()).toEqual(estateRules.map(({ id }) => id).sort());
});
