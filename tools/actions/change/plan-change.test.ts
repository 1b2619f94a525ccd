import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { list, text } from '@platform/libs/contract/contract';
import type { EstateChange, StackChange } from '@platform/tools/model/change';
import { planCounts } from '@platform/tools/model/plan';
import { plannedChanges } from '@platform/tools/model/plan-changes';
import { ContentCache } from '@platform/tools/workspace/content-cache';
import { findRoot } from '@platform/tools/workspace/find-root';
import { compareEstates } from './compare-estates';
import { planPairs } from './plan-change';
import { writeEstate, type WrittenStack } from './testing/written-estate';

jest.setTimeout(600_000);

const root = findRoot(__dirname);
const scratch = mkdtempSync(join(tmpdir(), 'plan change-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const estate = (name: string, stacks: Readonly<Record<string, WrittenStack>>) =>
  writeEstate(join(scratch, name), stacks);

const queue = (name: string, more: object = {}) => ({ name, ...more });
const queues = (blocks: object) => ({ resource: { aws_sqs_queue: blocks } });
const network = {
  fields: {
    vpcId: text('Id', 'vpc-00000000000000000'),
    name: text('Name', 'main'),
    subnets: list('Ids', ['subnet-0']),
  },
};
const vpc = (cidr: string, lifecycle: object = {}) => ({
  resource: {
    aws_vpc: { Main: { cidr_block: `${cidr}.0.0/16`, tags: { Name: 'main' }, ...lifecycle } },
    aws_subnet: { First: { vpc_id: '${aws_vpc.Main.id}', cidr_block: `${cidr}.0.0/24` } },
  },
  output: {
    vpcId: { value: '${aws_vpc.Main.id}' },
    name: { value: '${aws_vpc.Main.tags.Name}' },
    subnets: { value: ['${aws_subnet.First.id}'] },
  },
});
const group = (value: string) => ({ resource: { aws_security_group: { Web: { name: 'web', vpc_id: value } } } });
const named = { resource: { aws_sqs_queue: { Jobs: queue('${data.terraform_remote_state.network.outputs.name}') } } };
const vpcRead = '${data.terraform_remote_state.network.outputs.vpcId}';
/** A data source that Terraform can read as soon as the VPC has an id. */
const asking = (cidr: string) => ({
  data: { aws_vpc: { Found: { id: '${aws_vpc.Main.id}' } } },
  resource: {
    aws_vpc: { Main: { cidr_block: '10.1.0.0/16' } },
    aws_security_group: { Web: { name: 'web', description: '${data.aws_vpc.Found.owner_id}' } },
    aws_subnet: { Only: { vpc_id: '${data.aws_vpc.Found.id}', cidr_block: cidr } },
  },
});
const counted = (count: number, keys: readonly string[]) => ({
  resource: {
    aws_eip: { Each: { count, domain: 'vpc' } },
    aws_sqs_queue: { Each: { for_each: `\${toset(${JSON.stringify(keys)})}`, name: '${each.key}' } },
    aws_nat_gateway: { First: { allocation_id: '${aws_eip.Each[0].id}', subnet_id: 'subnet-0' } },
  },
});
const secret = (value: string) => ({
  resource: { aws_ssm_parameter: { Key: { name: 'key', type: 'SecureString', value: `\${sensitive("${value}")}` } } },
});

/** Outputs of another tool, read by key in the three ways that there are. */
const keyed = (delay: number) => ({
  resource: {
    aws_cloudformation_stack: { Other: { name: 'other', template_body: '{}' } },
    aws_sqs_queue: {
      Word: queue('word-${aws_cloudformation_stack.Other.outputs.Word}', { delay_seconds: delay }),
      Quoted: queue('quoted', { tags: { id: '${aws_cloudformation_stack.Other.outputs["Quoted key"]}' } }),
      Looked: queue('looked', { tags: { id: '${lookup(aws_cloudformation_stack.Other.outputs, "Looked")}' } }),
    },
  },
});

/** A bucket that AWS names, under an address longer than a bucket's name may be. */
const bucket = (owner: string) => ({
  resource: {
    aws_s3_bucket: { [LONG]: { bucket_prefix: 'logs-', tags: { owner } } },
    aws_s3_bucket_versioning: {
      Logs: { bucket: `\${aws_s3_bucket.${LONG}.id}`, versioning_configuration: { status: 'Enabled' } },
    },
  },
});
const LONG = `Application_${'LogBucket_'.repeat(5)}B26C7E5D`;

const base = {
  bucket: { blocks: bucket('one') },
  equal: { blocks: queues({ Jobs: queue('jobs') }) },
  updated: { blocks: queues({ Jobs: queue('jobs', { visibility_timeout_seconds: 30 }) }) },
  network: { ...network, blocks: vpc('10.0') },
  reader: { reads: ['network'], blocks: group(vpcRead) },
  named: { reads: ['network'], blocks: named },
  destroyed: { blocks: queues({ Jobs: queue('jobs'), Others: queue('others') }) },
  moved: { blocks: queues({ Old: queue('jobs') }) },
  guarded: { blocks: vpc('10.0', { lifecycle: { prevent_destroy: true } }) },
  unplannable: { blocks: vpc('10.0') },
  asking: { blocks: asking('10.1.0.0/24') },
  counted: { blocks: counted(2, ['a', 'b']) },
  secret: { blocks: secret('one') },
  keyed: { blocks: keyed(0) },
  imported: { blocks: queues({ Jobs: queue('jobs') }) },
  removed: { ...network, blocks: vpc('10.9') },
};
const { removed: _removed, ...kept } = base;
const head = {
  ...kept,
  updated: { blocks: queues({ Jobs: queue('jobs', { visibility_timeout_seconds: 60 }) }) },
  network: { ...network, blocks: vpc('10.2') },
  destroyed: { blocks: queues({ Jobs: queue('jobs') }) },
  moved: {
    blocks: { ...queues({ New: queue('jobs') }), moved: [{ from: 'aws_sqs_queue.Old', to: 'aws_sqs_queue.New' }] },
  },
  guarded: { blocks: vpc('10.2', { lifecycle: { prevent_destroy: true } }) },
  unplannable: { blocks: vpc('10.0.0') },
  asking: { blocks: asking('10.1.1.0/24') },
  counted: { blocks: counted(3, ['a', 'c']) },
  secret: { blocks: secret('two') },
  keyed: { blocks: keyed(1) },
  imported: {
    blocks: {
      ...queues({ Jobs: queue('jobs'), Kept: queue('kept') }),
      import: [{ to: 'aws_sqs_queue.Kept', id: 'https://sqs.us-east-1.amazonaws.com/111111111111/kept' }],
    },
  },
  bucket: { blocks: bucket('two') },
  created: { blocks: queues({ Jobs: queue('jobs') }) },
};

describe('the plans of a change, by the real Terraform and provider on the state that base leaves', () => {
  let change: EstateChange;
  let besides = 0;
  const cache = new ContentCache({ folder: join(scratch, 'cache') });
  const planAll = () => {
    const [before, after] = [estate('base', base), estate('head', head)];
    return planPairs(
      { base: { ref: 'main', commit: '0'.repeat(40) }, head: after, pairs: compareEstates(before, after) },
      { root, outdir: join(scratch, 'plans'), cache, meanwhile: () => void besides++ },
    );
  };
  beforeAll(async () => {
    change = await planAll();
  });

  const of = (stack: string): StackChange => change.stacks.find((each) => each.stack === stack)!;
  const planOf = (stack: string) => {
    const { outcome } = of(stack);
    if (outcome.status !== 'planned') throw new Error(`${stack}: ${JSON.stringify(outcome)}`);
    return outcome;
  };
  /** Terraform gives the arguments that force a replacement in no order. */
  const changesOf = (stack: string) =>
    plannedChanges(planOf(stack).plan).map((each) =>
      each.forcedBy ? { ...each, forcedBy: [...each.forcedBy].sort() } : each,
    );
  const reasonsOf = (stack: string) => of(stack).reasons.map(({ text: reason }) => reason);

  test('make no plan of a stack that is equal, nor of a reader of an output that stays', () => {
    expect([of('equal').outcome, of('named').outcome]).toEqual([{ status: 'unchanged' }, { status: 'unchanged' }]);
    expect([reasonsOf('equal'), reasonsOf('named')]).toEqual([[], []]);
  });

  test('update a changed argument in place', () => {
    expect(changesOf('updated')).toEqual([{ address: 'aws_sqs_queue.Jobs', action: 'update' }]);
    expect(reasonsOf('updated')).toEqual(['aws_sqs_queue.Jobs: visibility_timeout_seconds differs']);
    expect(planOf('updated').plan.resource_changes![0]!.change).toMatchObject({
      before: { visibility_timeout_seconds: 30 },
      after: { visibility_timeout_seconds: 60 },
    });
  });

  test('replace a resource, and what depends on it, with the argument that forces it', () => {
    expect(changesOf('network')).toEqual([
      { address: 'aws_subnet.First', action: 'replace', forcedBy: ['cidr_block', 'vpc_id'] },
      { address: 'aws_vpc.Main', action: 'replace', forcedBy: ['cidr_block'] },
    ]);
  });

  test('replace in the stacks that read an output which the plan changes', () => {
    expect(reasonsOf('reader')).toEqual(['network.vpcId, which it reads, changes']);
    expect(changesOf('reader')).toEqual([
      { address: 'aws_security_group.Web', action: 'replace', forcedBy: ['vpc_id'] },
    ]);
    expect(planOf('reader').assumed).toMatchObject([
      { address: 'aws_security_group.Web', argument: 'vpc_id', stack: 'network' },
    ]);
  });

  test('destroy what is no longer there, and all of a removed project', () => {
    expect(changesOf('destroyed')).toEqual([{ address: 'aws_sqs_queue.Others', action: 'delete' }]);
    expect(of('removed')).toMatchObject({
      presence: 'removed',
      project: 'region-us/removed',
      accountId: '111111111111',
    });
    expect(changesOf('removed')).toEqual([
      { address: 'aws_subnet.First', action: 'delete' },
      { address: 'aws_vpc.Main', action: 'delete' },
    ]);
  });

  test('move what a moved block gives another address', () => {
    expect(changesOf('moved')).toEqual([{ address: 'aws_sqs_queue.New', action: 'move' }]);
  });

  test('create a new stack', () => {
    expect(of('created').presence).toBe('new');
    expect(planCounts(planOf('created').plan)).toEqual({ create: 1, update: 0, delete: 0, replace: 0 });
  });

  test('say of a stack that cannot be planned why, and go on', () => {
    expect(of('unplannable').outcome).toMatchObject({ status: 'failed', side: 'head' });
    expect(JSON.stringify(of('unplannable').outcome)).toContain('10.0.0.0.0/16');
    expect(JSON.stringify(of('guarded').outcome)).toContain('Instance cannot be destroyed');
  });

  test('read nothing from AWS, also where the state has what a data source asks for', () => {
    expect(changesOf('asking')).toEqual([{ address: 'aws_subnet.Only', action: 'replace', forcedBy: ['cidr_block'] }]);
  });

  test('tell instances of count and for_each apart', () => {
    expect(changesOf('counted')).toEqual([
      { address: 'aws_eip.Each[2]', action: 'create' },
      { address: 'aws_sqs_queue.Each["b"]', action: 'delete' },
      { address: 'aws_sqs_queue.Each["c"]', action: 'create' },
    ]);
  });

  test('update a sensitive value, and mark it', () => {
    expect(changesOf('secret')).toEqual([{ address: 'aws_ssm_parameter.Key', action: 'update' }]);
    expect(planOf('secret').plan.resource_changes![0]!.change).toMatchObject({ after_sensitive: { value: true } });
  });

  test('leave time for other work once, however many providers start', () => {
    expect(besides).toBe(1);
  });

  test('know the keys of a map that the configuration reads', () => {
    expect(changesOf('keyed')).toEqual([{ address: 'aws_sqs_queue.Word', action: 'update' }]);
  });

  test('refer to ids of the length that AWS gives', () => {
    expect(changesOf('bucket')).toEqual([{ address: `aws_s3_bucket.${LONG}`, action: 'update' }]);
  });

  test('import what an import block names', () => {
    expect(changesOf('imported')).toEqual([{ address: 'aws_sqs_queue.Kept', action: 'import' }]);
  });

  test('are kept: the second time none is made', async () => {
    const again = await planAll();
    const cached = again.stacks.map(({ outcome }) => (outcome.status === 'planned' ? outcome.cached : outcome.status));
    expect(new Set(cached)).toEqual(new Set(['unchanged', 'failed', true]));
    expect(again.stacks.map((each) => withoutCached(each))).toEqual(change.stacks.map((each) => withoutCached(each)));
    const { planFile, plan } = again.stacks.find(({ stack }) => stack === 'network')!.outcome as ReturnType<
      typeof planOf
    >;
    expect(JSON.parse(readFileSync(planFile, 'utf8'))).toEqual(plan);
  });
});

const withoutCached = ({ outcome, ...rest }: StackChange) => ({ ...rest, outcome: { ...outcome, cached: undefined } });
