import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from '@platform/e2e/fixtures/run-command';
import { smallWorkspace } from '@platform/e2e/fixtures/small-workspace';
import { startCli } from '@platform/e2e/fixtures/start-cli';
import { makeStateBuckets } from '@platform/e2e/fixtures/state-buckets';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import type { Review } from '@platform/tools/model/review';

/*
 * What the offline review says of a change is what a live plan says once base is deployed: base is deployed on an emulator,
 * many changes are made at once, each to resources of its own, and both reviews are compared.
 *
 * @long
 */
jest.setTimeout(900_000);

interface WrittenStack {
  readonly owner: string;
  /** Classes of the provider that it uses. */
  readonly classes: readonly string[];
  readonly body: string;
}

/** By name; the folder is `region-us/<name>`. */
const stacks: Readonly<Record<string, WrittenStack>> = {
  wires: {
    owner: 'network',
    classes: [
      ...['Vpc', 'Subnet', 'SecurityGroup', 'VpcSecurityGroupIngressRule', 'NetworkAcl', 'NetworkAclRule'],
      ...['InternetGateway', 'RouteTable', 'Route'],
    ],
    body: `
      const range = new Vpc(this, 'Range', { cidrBlock: '10.9.0.0/16' });
      new Subnet(this, 'RangeSubnet', { vpcId: range.id, cidrBlock: '10.9.0.0/24' });
      const { id: vpcId } = new Vpc(this, 'Stable', { cidrBlock: '10.10.0.0/16' });
      const { id: securityGroupId } = new SecurityGroup(this, 'Web', { name: 'web', description: 'web', vpcId });
      new VpcSecurityGroupIngressRule(this, 'WebIn', { securityGroupId, ipProtocol: 'tcp', fromPort: 8443, toPort: 8443, cidrIpv4: '10.0.0.0/8' });
      const { id: networkAclId } = new NetworkAcl(this, 'Acl', { vpcId });
      new NetworkAclRule(this, 'AclIn', { networkAclId, ruleNumber: 100, protocol: 'tcp', ruleAction: 'allow', cidrBlock: '10.1.0.0/16', fromPort: 22, toPort: 22 });
      const { id: gatewayId } = new InternetGateway(this, 'Gateway', { vpcId });
      const { id: routeTableId } = new RouteTable(this, 'Table', { vpcId, tags: { Name: 'first' } });
      new Route(this, 'Out', { routeTableId, gatewayId, destinationCidrBlock: '0.0.0.0/0' });
      new Subnet(this, 'Old', { vpcId, cidrBlock: '10.10.0.0/24' });`,
  },
  names: {
    owner: 'edge',
    classes: ['Route53Zone', 'Route53Record', 'Route53HealthCheck'],
    body: `
      const { zoneId } = new Route53Zone(this, 'Zone', { name: 'changes.example', comment: 'first' });
      new Route53Record(this, 'Api', { zoneId, name: 'api', type: 'A', ttl: 60, records: ['192.0.2.1'] });
      new Route53Record(this, 'Spare', { zoneId, name: 'spare', type: 'A', ttl: 60, records: ['192.0.2.2'] });
      new Route53HealthCheck(this, 'Check', { type: 'HTTPS', fqdn: 'api.changes.example', port: 443, failureThreshold: 3, requestInterval: 30 });`,
  },
  fleet: {
    owner: 'application',
    classes: ['LaunchTemplate', 'SqsQueue', 'SnsTopic'],
    body: `
      new LaunchTemplate(this, 'Template', {
        name: 'fleet',
        imageId: 'ami-12c6146b',
        instanceType: 't3.micro',
        tagSpecifications: ['instance', 'volume'].map((resourceType) => ({ resourceType, tags: launchTags(this, {}) })),
      });
      new SqsQueue(this, 'Jobs', { name: 'jobs' });
      new SqsQueue(this, 'Slow', { name: 'slow', visibilityTimeoutSeconds: 30 });
      new SnsTopic(this, 'Alerts', { name: 'alerts' });
      new SnsTopic(this, 'Events', { name: 'events' });`,
  },
  stores: {
    owner: 'platform',
    classes: [
      ...['S3Bucket', 'S3BucketVersioningA', 'DynamodbTable', 'KmsKey', 'CloudwatchLogGroup'],
      ...['IamRole', 'IamRolePolicy'],
    ],
    body: `
      const { id: bucket } = new S3Bucket(this, 'Kept', { bucket: 'changes-kept' });
      new S3BucketVersioningA(this, 'Versions', { bucket, versioningConfiguration: { status: 'Enabled' } });
      new S3Bucket(this, 'Renamed', { bucket: 'changes-one' });
      const key = { hashKey: 'id', attribute: [{ name: 'id', type: 'S' }], billingMode: 'PAY_PER_REQUEST' };
      new DynamodbTable(this, 'Guarded', { ...key, name: 'guarded', deletionProtectionEnabled: true });
      new DynamodbTable(this, 'Saved', { ...key, name: 'saved', pointInTimeRecovery: { enabled: true } });
      new KmsKey(this, 'Key', { description: 'changes', enableKeyRotation: true });
      new CloudwatchLogGroup(this, 'Logs', { name: 'changes', retentionInDays: 30 });
      const assumeRolePolicy = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"ec2.amazonaws.com"}}]}';
      const { id: role } = new IamRole(this, 'Reader', { name: 'reader', assumeRolePolicy });
      new IamRolePolicy(this, 'Reads', { name: 'reads', role, policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::changes-kept/*"}]}' });
      new IamRolePolicy(this, 'Lists', { name: 'lists', role, policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::changes-kept"}]}' });
      const { id: other } = new IamRole(this, 'Named', { name: 'one', assumeRolePolicy });
      new IamRolePolicy(this, 'Own', { name: 'own', role: other, policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::changes-kept"}]}' });`,
  },
  gone: { owner: 'platform', classes: ['SqsQueue'], body: `new SqsQueue(this, 'Gone', { name: 'gone' });` },
};
const added = { owner: 'platform', classes: ['SqsQueue'], body: `new SqsQueue(this, 'Added', { name: 'added' });` };

interface Change {
  readonly name: string;
  readonly stack: string;
  readonly from: string;
  readonly to: string;
  /** By address. */
  readonly actions: Readonly<Record<string, string>>;
  /** A rule that finds it. Default: none is looked for. */
  readonly rule?: string;
}

const changes: readonly Change[] = [
  {
    name: 'another range',
    stack: 'wires',
    from: "cidrBlock: '10.9.0.0/16'",
    to: "cidrBlock: '10.9.0.0/17'",
    actions: { 'aws_vpc.Range': 'replace', 'aws_subnet.RangeSubnet': 'replace' },
    rule: 'network-destroyed',
  },
  {
    name: 'a security group that is open',
    stack: 'wires',
    from: "cidrIpv4: '10.0.0.0/8'",
    to: "cidrIpv4: '0.0.0.0/0'",
    actions: { 'aws_vpc_security_group_ingress_rule.WebIn': 'update' },
    rule: 'security-group-open',
  },
  {
    name: 'a wider network ACL',
    stack: 'wires',
    from: "cidrBlock: '10.1.0.0/16'",
    to: "cidrBlock: '10.0.0.0/8'",
    actions: { 'aws_network_acl_rule.AclIn': 'replace' },
    rule: 'network-acl-widened',
  },
  {
    name: 'a removed route',
    stack: 'wires',
    from: "new Route(this, 'Out', { routeTableId, gatewayId, destinationCidrBlock: '0.0.0.0/0' });",
    to: 'void [gatewayId, routeTableId, Route];',
    actions: { 'aws_route.Out': 'delete' },
  },
  {
    name: 'a renamed construct with `moved`',
    stack: 'wires',
    from: "new Subnet(this, 'Old',",
    to: "this.addOverride('moved', [{ from: 'aws_subnet.Old', to: 'aws_subnet.New' }]);\n      new Subnet(this, 'New',",
    actions: { 'aws_subnet.New': 'move' },
  },
  {
    name: 'a tag',
    stack: 'wires',
    from: "tags: { Name: 'first' }",
    to: "tags: { Name: 'second' }",
    actions: { 'aws_route_table.Table': 'update' },
  },
  {
    name: 'a longer TTL',
    stack: 'names',
    from: "name: 'api', type: 'A', ttl: 60",
    to: "name: 'api', type: 'A', ttl: 3600",
    actions: { 'aws_route53_record.Api': 'update' },
    rule: 'ttl-raised',
  },
  {
    name: 'a removed record',
    stack: 'names',
    from: "new Route53Record(this, 'Spare', { zoneId, name: 'spare', type: 'A', ttl: 60, records: ['192.0.2.2'] });",
    to: '',
    actions: { 'aws_route53_record.Spare': 'delete' },
  },
  {
    name: 'another interval of a health check',
    stack: 'names',
    from: 'requestInterval: 30',
    to: 'requestInterval: 10',
    actions: { 'aws_route53_health_check.Check': 'replace' },
    rule: 'health-check-replaced',
  },
  {
    name: 'another comment of a zone',
    stack: 'names',
    from: "comment: 'first'",
    to: "comment: 'second'",
    actions: { 'aws_route53_zone.Zone': 'update' },
  },
  {
    name: 'another instance class',
    stack: 'fleet',
    from: "instanceType: 't3.micro'",
    to: "instanceType: 't3.small'",
    actions: { 'aws_launch_template.Template': 'update' },
  },
  {
    name: 'a removed queue',
    stack: 'fleet',
    from: "new SqsQueue(this, 'Jobs', { name: 'jobs' });",
    to: '',
    actions: { 'aws_sqs_queue.Jobs': 'delete' },
    rule: 'stateful-destroy',
  },
  {
    name: 'another timeout',
    stack: 'fleet',
    from: 'visibilityTimeoutSeconds: 30',
    to: 'visibilityTimeoutSeconds: 60',
    actions: { 'aws_sqs_queue.Slow': 'update' },
  },
  {
    name: 'a renamed construct without `moved`',
    stack: 'fleet',
    from: "new SnsTopic(this, 'Alerts',",
    to: "new SnsTopic(this, 'Alarms',",
    actions: { 'aws_sns_topic.Alerts': 'delete', 'aws_sns_topic.Alarms': 'create' },
  },
  {
    name: 'another name of a topic',
    stack: 'fleet',
    from: "name: 'events'",
    to: "name: 'happenings'",
    actions: { 'aws_sns_topic.Events': 'replace' },
  },
  {
    name: 'suspended versioning',
    stack: 'stores',
    from: "status: 'Enabled'",
    to: "status: 'Suspended'",
    actions: { 'aws_s3_bucket_versioning.Versions': 'update' },
    rule: 'versioning-suspended',
  },
  {
    name: 'another name of a bucket',
    stack: 'stores',
    from: "bucket: 'changes-one'",
    to: "bucket: 'changes-two'",
    actions: { 'aws_s3_bucket.Renamed': 'replace' },
    rule: 'stateful-destroy',
  },
  {
    name: 'a table without protection',
    stack: 'stores',
    from: 'deletionProtectionEnabled: true',
    to: 'deletionProtectionEnabled: false',
    actions: { 'aws_dynamodb_table.Guarded': 'update' },
    rule: 'deletion-protection-removed',
  },
  {
    name: 'a table without backups',
    stack: 'stores',
    from: 'pointInTimeRecovery: { enabled: true }',
    to: 'pointInTimeRecovery: { enabled: false }',
    actions: { 'aws_dynamodb_table.Saved': 'update' },
    rule: 'backups-weakened',
  },
  {
    name: 'a key that is not rotated',
    stack: 'stores',
    from: 'enableKeyRotation: true',
    to: 'enableKeyRotation: false',
    actions: { 'aws_kms_key.Key': 'update' },
  },
  {
    name: 'logs that are kept for less time',
    stack: 'stores',
    from: 'retentionInDays: 30',
    to: 'retentionInDays: 7',
    actions: { 'aws_cloudwatch_log_group.Logs': 'update' },
  },
  {
    name: 'a policy with a wildcard',
    stack: 'stores',
    from: '"Action":"s3:GetObject","Resource":"arn:aws:s3:::changes-kept/*"',
    to: '"Action":"*","Resource":"*"',
    actions: { 'aws_iam_role_policy.Reads': 'update' },
    rule: 'policy-wildcard',
  },
  {
    name: 'a policy that is written in another way',
    stack: 'stores',
    from: `'lists', role, policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow",`,
    to: `'lists', role, policy: '{ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", `,
    actions: {},
  },
  {
    name: 'another name of a role',
    stack: 'stores',
    from: "name: 'one'",
    to: "name: 'two'",
    actions: { 'aws_iam_role.Named': 'replace', 'aws_iam_role_policy.Own': 'replace' },
  },
];

/** A state file, as far as it matters here. */
interface State {
  readonly resources: readonly { readonly type: string; readonly name: string }[];
}

const root = smallWorkspace(join(__dirname, '..', '..'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), `${text}\n`);
}

function edit(path: string, from: string, to: string): void {
  const text = readFileSync(join(root, path), 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${path}: has "${from}" not once`);
  writeFileSync(
    join(root, path),
    text.replace(from, () => to),
  );
}

function writeStack(name: string, { classes, body }: WrittenStack): void {
  const folder = `region-us/${name}`;
  const moduleOf = (each: string) =>
    each
      .replace(/A$/, '')
      .replaceAll(/(?<=[a-z0-9])[A-Z]/g, '-$&')
      .toLowerCase();
  write(
    `${folder}/contract.ts`,
    `import { defineContract } from '@platform/libs/contract/contract';
import { region } from '../region';
export const contract = defineContract({ stack: 'region-us-${name}', project: '${folder}', stateRegion: region, fields: {} });`,
  );
  write(
    `${folder}/stack.ts`,
    `${classes.map((each) => `import { ${each} } from '@cdktf/provider-aws/lib/${moduleOf(each)}';`).join('\n')}
import type { Construct } from 'constructs';
import type { Environment } from '@platform/libs/settings/environment';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { launchTags } from '@platform/libs/stack/launch-tags';
import { contract } from './contract';
import { region } from '../region';
export class WrittenStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region, account: 'workload' });
    ${body}
  }
}`,
  );
  write(
    `${folder}/main.ts`,
    `import infra from '@platform/infra.config';
import { runStacks } from '@platform/libs/stack/run-stacks';
import { WrittenStack } from './stack';
runStacks(infra, (app, environment) => new WrittenStack(app, environment));`,
  );
}

const git = (...args: string[]) =>
  execFileSync('git', ['-c', 'user.name=test', '-c', 'user.email=test@example.com', ...args], {
    cwd: root,
    encoding: 'utf8',
    stdio: 'pipe',
  });

withEmulator('moto', (emulator) => {
  let offline: Review;
  let live: Review;
  let goneState: State;

  beforeAll(async () => {
    for (const [name, stack] of Object.entries(stacks)) writeStack(name, stack);
    const owned = Object.entries(stacks).filter(([name]) => name !== 'gone');
    const owners = owned.map(([name, { owner }]) => `'region-us/${name}': '${owner}', `).join('');
    edit('infra.config.ts', 'owners: { ', `owners: { ${owners}`);
    write('.gitignore', 'node_modules\ndist\n.cache\n.nx');
    git('init', '-q', '-b', 'main');
    git('add', '-A');
    git('commit', '-q', '--no-gpg-sign', '-m', 'base');

    await makeStateBuckets(emulator());
    const folders = Object.keys(stacks).map((name) => `region-us/${name}`);
    const deployed = await runCommand(['deploy', ...folders, '--unreviewed'], { root, emulator: emulator() });
    expect({ code: deployed.code, output: deployed.output }).toEqual({ code: 0, output: deployed.output });
    goneState = await stateOf('region-us-gone', emulator().endpoint);

    for (const { stack, from, to } of changes) edit(`region-us/${stack}/stack.ts`, from, to);
    edit('region-ap/topic/stack.ts', '    super(', '    // The topic of the region.\n    super(');
    rmSync(join(root, 'region-us/gone'), { recursive: true });
    writeStack('added', added);

    const review = await startCli(root, ['review', '-c', 'prod', '--base', 'main', '--json']).ended;
    if (review.code !== 3) throw new Error(review.stderr + review.stdout.slice(-2000));
    offline = JSON.parse(review.stdout) as Review;
    const there = [...folders.filter((folder) => folder !== 'region-us/gone'), 'region-us/added'];
    const planned = await runCommand(['review', ...there, '--json'], { root, emulator: emulator() });
    if (planned.code !== 3) throw new Error(planned.output);
    live = JSON.parse(planned.stdout) as Review;
  });

  const stackIn = (review: Review, name: string) => review.stacks.find(({ stack }) => stack === `region-us-${name}`)!;
  /** What a review says of the resources of a stack, but for what a provider of another place fills in. */
  const actionsIn = (review: Review, name: string) =>
    Object.fromEntries(
      stackIn(review, name).resources.map(({ address, action, forcedBy, movedFrom, stateful }) => [
        address,
        { action, forcedBy: [...forcedBy].sort(), movedFrom, stateful },
      ]),
    );
  /** Without drift, which a review without an account cannot see. */
  const rulesIn = (review: Review, name: string) =>
    review.findings
      .filter(({ rule, where }) => rule !== 'drift' && where.stack === `region-us-${name}` && where.address !== null)
      .map(({ rule, level, where, owner }) => `${level} ${rule} ${where.address} ${owner}`)
      .sort();

  test.each(changes)('$name', ({ stack, actions, rule }) => {
    const { owner } = stacks[stack]!;
    for (const review of [offline, live]) {
      const said = actionsIn(review, stack);
      expect(Object.fromEntries(Object.keys(actions).map((each) => [each, said[each]?.action]))).toEqual(actions);
      const [first] = Object.keys(actions);
      if (rule) expect(rulesIn(review, stack).join('\n')).toMatch(new RegExp(`${rule} ${first} ${owner}`));
      const approval = review.approvals.find((each) => each.owner === owner);
      expect(approval?.stacks).toContain(`region-us-${stack}`);
    }
  });

  test.each(['wires', 'names', 'fleet', 'stores', 'added'])('nothing else changes in %s, at the same risk', (name) => {
    expect(stackIn(offline, name).errors).toEqual([]);
    expect(actionsIn(offline, name)).toEqual(actionsIn(live, name));
    expect(rulesIn(offline, name)).toEqual(rulesIn(live, name));
    expect(stackIn(offline, name).counts).toEqual({ ...stackIn(live, name).counts, drift: 0 });
    const named = changes.filter(({ stack }) => stack === name).flatMap(({ actions }) => Object.keys(actions));
    expect(Object.keys(actionsIn(live, name)).sort()).toEqual(
      name === 'added' ? ['aws_sqs_queue.Added'] : named.sort(),
    );
  });

  test('a removed project: everything in its state is destroyed', () => {
    expect(stackIn(offline, 'gone')).toMatchObject({ status: 'removed', owner: 'platform' });
    expect(stackIn(offline, 'gone').resources.map(({ address, action }) => `${action} ${address}`)).toEqual(
      goneState.resources.map(({ type, name }) => `delete ${type}.${name}`),
    );
    expect(rulesIn(offline, 'gone')).toEqual(['block stateful-destroy aws_sqs_queue.Gone platform']);
  });

  test('a comment changes nothing', () => {
    const untouched = offline.stacks.filter(({ status }) => status === 'unchanged').map(({ stack }) => stack);
    expect(untouched).toEqual(expect.arrayContaining(['region-ap-topic', 'region-us-topic', 'global-reader']));
  });
});

async function stateOf(stack: string, endpoint: string): Promise<State> {
  const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
  const client = new S3Client({ region: 'us-east-1', endpoint, credentials, forcePathStyle: true });
  const place = { Bucket: 'example-prod-terraform-state-us', Key: `${stack}/terraform.tfstate` };
  const { Body } = await client.send(new GetObjectCommand(place));
  return JSON.parse(await Body!.transformToString()) as State;
}
