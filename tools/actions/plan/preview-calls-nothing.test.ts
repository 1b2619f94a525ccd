import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planCounts } from '@platform/tools/model/plan';
import { findRoot } from '@platform/tools/workspace/find-root';
import { PreviewSession } from './preview-session';
import { writePreviewFiles } from './preview-stack';

jest.setTimeout(300_000);

const root = findRoot(__dirname);
const provider = { aws: [{ region: 'us-east-1' }] };
const terraform = { required_providers: { aws: { source: 'hashicorp/aws', version: '5.100.0' } } };
const bucket = { aws_s3_bucket: { Logs: { bucket: 'example-logs' }, Other: { bucket: 'example-other' } } };
const stateMachine = {
  aws_sfn_state_machine: {
    Orders: {
      name: 'orders',
      role_arn: 'arn:aws:iam::111111111111:role/orders',
      definition: '{"StartAt":"End","States":{"End":{"Type":"Succeed"}}}',
    },
  },
};

describe.each([
  ['a shared provider', true],
  ['a provider of its own', false],
])('a preview with %s', (_, sharedProvider) => {
  const folder = mkdtempSync(join(tmpdir(), 'preview calls nothing-'));
  let session: PreviewSession;
  beforeAll(async () => {
    session = await PreviewSession.open({
      root,
      folder,
      configuration: { terraform, provider },
      action: 'plan',
      sharedProvider,
    });
  });
  afterAll(async () => {
    await session.close();
    rmSync(folder, { recursive: true });
  });

  const plan = (name: string, blocks: object) => {
    const stack = join(folder, name);
    mkdirSync(stack);
    writeFileSync(join(stack, 'cdk.tf.json'), JSON.stringify({ terraform, provider, ...blocks }));
    return session.run(name, stack, writePreviewFiles(stack, new Map()), 0);
  };

  test('shows an import without reading what it imports', async () => {
    const imported = await plan('imports', {
      resource: bucket,
      import: [{ to: 'aws_s3_bucket.Logs', id: 'example-logs' }],
    });
    expect(imported.errors).toEqual([]);
    expect(planCounts(imported.plan!).create).toBe(1);
    const kept = JSON.parse(readFileSync(join(folder, 'imports', 'plan.json'), 'utf8')) as typeof imported.plan;
    expect(kept!.resource_changes!.map(({ address, change }) => [address, change.importing])).toEqual([
      ['aws_s3_bucket.Logs', { id: 'example-logs' }],
      ['aws_s3_bucket.Other', undefined],
    ]);
    expect(imported.warnings).toEqual([expect.stringContaining('aws_s3_bucket.Logs: imports "example-logs"')]);
  });

  test('refuses resources and data sources that call AWS while they are planned, by their call', async () => {
    const data = { aws_ami: { Linux: { owners: ['amazon'] } } };
    const { errors } = await plan('calls', { data, resource: { ...bucket, ...stateMachine } });
    expect([...errors].sort()).toEqual([
      expect.stringMatching(/^aws_sfn_state_machine\.Orders: calls AWS .*\(SFN: ValidateStateMachineDefinition\)/),
      expect.stringMatching(/^data\.aws_ami\.Linux: calls AWS .*\(EC2: DescribeImages\)/),
    ]);
  });

  test('plans a data source that waits for a value known after apply', async () => {
    const data = { aws_s3_bucket: { Later: { bucket: '${aws_s3_bucket.Other.id}' } } };
    expect((await plan('later', { data, resource: bucket })).errors).toEqual([]);
  });

  test('refuses what has other ways to the network before Terraform starts, all at once', async () => {
    const data = { http: { Page: { url: 'https://example.com' } }, aws_ip_ranges: { Ranges: { services: ['ec2'] } } };
    const { errors } = await plan('data', { data });
    expect(errors.map((error) => error.split(':')[0])).toEqual(['data.http.Page', 'data.aws_ip_ranges.Ranges']);
  });
});
