import type { Waiver } from '@platform/libs/stack/waive';
import type { EstateManifest } from '@platform/tools/actions/synth/synth';
import { formatScan } from './format';
import { judge } from './judge';
import { readResults, type CheckResult } from './run-checkov';

const json = {
  resource: {
    aws_sqs_queue: { Queue_1A: { '//': { metadata: { path: 'region-us-app/Orders/Queue' } } } },
    aws_sns_topic: { Topic_2B: { '//': { metadata: { path: 'region-us-app/Topic' } } } },
  },
};

const code = { json, source: 'region-us/app/stack.ts' };

const estateWith = (...waivers: Waiver[]) =>
  ({
    environment: 'prod',
    level: 'inspected',
    mode: 'active-passive',
    stacks: [
      { stack: 'region-us-app', project: 'region-us/app', owner: 'application', waivers },
      { stack: 'global-zone', project: 'global/zone', owner: 'edge', waivers: [] },
    ],
  }) as unknown as EstateManifest;

const result = (block: string, passed: boolean, stack = 'region-us-app'): CheckResult => ({
  check: 'CKV_AWS_27',
  title: 'Ensure all data stored in the SQS queue is encrypted',
  passed,
  file: `stacks/${stack}/cdk.tf.json`,
  line: 12,
  block,
});
const provider = result('provider.aws', true, 'global-zone');
const scanned = (results: readonly CheckResult[], ...waivers: Waiver[]) =>
  judge(estateWith(...waivers), () => code, [provider, ...results]);

const finding = {
  check: 'CKV_AWS_27',
  title: 'Ensure all data stored in the SQS queue is encrypted',
  stack: 'region-us-app',
  project: 'region-us/app',
  owner: 'application',
  address: 'aws_sqs_queue.Queue_1A',
  construct: 'Orders/Queue',
  source: 'region-us/app/stack.ts',
  file: 'stacks/region-us-app/cdk.tf.json:12',
};
const waiver: Waiver = { address: 'aws_sqs_queue.Queue_1A', check: 'CKV_AWS_27', reason: 'its messages are public' };

describe('a check that fails', () => {
  test.each(['resource.Queue_1A', 'aws_sqs_queue.Queue_1A'])('is told with the resource behind %s', (block) => {
    expect(scanned([result(block, false)])).toEqual({
      environment: 'prod',
      level: 'inspected',
      mode: 'active-passive',
      stacks: ['region-us-app', 'global-zone'],
      passed: 1,
      failed: [finding],
      waived: [],
      stale: [],
    });
  });

  test('is none where a waiver stands beside the resource', () => {
    const report = scanned([result('resource.Queue_1A', false)], waiver);
    expect(report).toMatchObject({
      failed: [],
      waived: [{ ...finding, reason: 'its messages are public' }],
      stale: [],
    });
    expect(formatScan(report)).toBe('');
  });

  test('is one where the waiver is for another resource or another check', () => {
    const others: Waiver[] = [
      { ...waiver, address: 'aws_sqs_queue.Queue_1B' },
      { ...waiver, check: 'CKV_AWS_26' },
    ];
    const { failed, stale } = scanned([result('resource.Queue_1A', false)], ...others);
    expect(failed).toEqual([finding]);
    expect(stale.map(({ address, check }) => [address, check])).toEqual([
      ['aws_sqs_queue.Queue_1A', 'CKV_AWS_26'],
      ['aws_sqs_queue.Queue_1B', 'CKV_AWS_27'],
    ]);
  });

  test('does not report a stack that was not chosen', () => {
    const report = judge(
      estateWith(waiver),
      () => code,
      [provider, result('resource.Queue_1A', false), result('resource.Topic_2B', false)],
      new Set(['global-zone']),
    );
    expect(report).toMatchObject({ stacks: ['global-zone'], passed: 1, failed: [], waived: [], stale: [] });
  });
});

test('a waiver for a check that passes is stale', () => {
  const report = scanned([result('resource.Queue_1A', true)], waiver);
  expect(report.failed).toEqual([]);
  expect(formatScan(report)).toBe(
    'stale: CKV_AWS_27 is waived for aws_sqs_queue.Queue_1A of region-us-app, which does not fail it; ' +
      'remove the waiver (owner: application)',
  );
});

test('the table names check, stack, address, owner and file, and says once what each check wants', () => {
  const report = scanned([result('resource.Queue_1A', false), result('resource.Topic_2B', false)]);
  expect(formatScan(report).split('\n')).toEqual([
    'check       stack          address                 owner        file',
    'CKV_AWS_27  region-us-app  aws_sns_topic.Topic_2B  application  region-us/app/stack.ts',
    'CKV_AWS_27  region-us-app  aws_sqs_queue.Queue_1A  application  region-us/app/stack.ts',
    '',
    'CKV_AWS_27: Ensure all data stored in the SQS queue is encrypted',
  ]);
});

describe('a hole in the scan is no pass:', () => {
  test('a stack without a result', () => {
    expect(() => judge(estateWith(), () => code, [provider])).toThrow('scan: checkov skipped stack region-us-app');
  });

  test('a resource that is not there', () => {
    expect(() => scanned([result('resource.Gone', false)])).toThrow(
      'scan: checkov reports resource.Gone in stack region-us-app, which is no block',
    );
  });

  test('a file of no stack', () => {
    expect(() => scanned([result('resource.Queue_1A', false, 'other')])).toThrow(
      'scan: checkov scanned stacks/other/cdk.tf.json, which belongs to no stack',
    );
  });

  test('a file that checkov could not read', () => {
    const results = { passed_checks: [], failed_checks: [], parsing_errors: ['stacks/global-zone/cdk.tf.json'] };
    expect(() => readResults(JSON.stringify({ results }))).toThrow('it could not read stacks/global-zone/cdk.tf.json');
  });

  test('no report', () => {
    expect(() => readResults('')).toThrow('it printed no report');
    expect(() => readResults('{"passed": 0, "failed": 0}')).toThrow('it found no files');
  });
});
