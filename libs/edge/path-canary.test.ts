import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { unzipSync } from 'fflate';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { PathCanary, type PathCanaryProps } from './path-canary';

const { observability } = exampleEnvironment();
const props: PathCanaryProps = {
  name: 'prod-ap-path',
  roleName: 'prod-canary-us',
  bucketName: 'example-prod-canary-us',
  accountId: '333333333333',
  awsRegion: 'us-east-1',
  watched: 'ap-northeast-2',
  urls: ['https://ap.example.com/', 'https://ap.example.com/healthz'],
  settings: observability,
};
const synth = () => synthConstruct((stack) => void new PathCanary(stack, 'Canary', props));

interface Script {
  handler(): Promise<void>;
  problemsOf(url: string, limits: { latencyMs: number; leastDays: number; nowMs?: number }): Promise<string[]>;
}
const script = createRequire(__filename)('./canary/user-path.cjs') as Script;

describe('the script', () => {
  let server: Server;
  let url: string;
  beforeAll(async () => {
    server = createServer((request, answer) => {
      if (request.url === '/broken') answer.statusCode = 503;
      if (request.url === '/silent') return;
      if (request.url === '/slow') setTimeout(() => answer.end('late'), 120);
      else answer.end('well');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const limits = { latencyMs: 60, leastDays: 30 };

  test('says what is wrong with an answer, and nothing of a good one', async () => {
    expect(await script.problemsOf(`${url}/`, { ...limits, latencyMs: 5000 })).toEqual([]);
    expect(await script.problemsOf(`${url}/broken`, { ...limits, latencyMs: 5000 })).toEqual([
      `${url}/broken: status 503`,
    ]);
    expect(await script.problemsOf(`${url}/slow`, limits)).toEqual([
      expect.stringMatching(/\/slow: took \d+ ms, and 60 ms are allowed/),
    ]);
    expect(await script.problemsOf(`${url}/silent`, { ...limits, latencyMs: 20 })).toEqual([
      `${url}/silent: no answer within 200 ms`,
    ]);
  });

  test('fails the run with every problem', async () => {
    Object.assign(process.env, { CHECK_URLS: `${url}/,${url}/broken`, LATENCY_MS: '5000', LEAST_DAYS: '30' });
    await expect(script.handler()).rejects.toThrow(`${url}/broken: status 503`);
    Object.assign(process.env, { CHECK_URLS: `${url}/` });
    await expect(script.handler()).resolves.toBeUndefined();
  });
});

test('the archive holds the script where Synthetics looks for it, and has the same bytes every time', () => {
  const { content_base64: content } = synth().resource('aws_s3_object');
  expect(synth().resource('aws_s3_object').content_base64).toBe(content);
  const files = unzipSync(Buffer.from(content as string, 'base64'));
  expect(Object.keys(files)).toEqual(['nodejs/node_modules/user-path.js']);
  expect(Buffer.from(Object.values(files)[0]!).toString()).toContain('module.exports = { handler, problemsOf }');
  expect(synth().resource('aws_synthetics_canary').handler).toBe('user-path.handler');
});

test('the role may write results, log and metrics of its canary only', () => {
  const { Statement: statements } = JSON.parse(synth().resource('aws_iam_role_policy').policy as string) as {
    Statement: { Action: string[]; Resource: string; Condition?: unknown }[];
  };
  expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
    'cloudwatch:PutMetricData',
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    's3:GetBucketLocation',
    's3:GetObject',
    's3:ListAllMyBuckets',
    's3:PutObject',
  ]);
  for (const { Resource, Action, Condition } of statements) {
    if (Resource === '*') expect(Condition !== undefined || Action[0] === 's3:ListAllMyBuckets').toBe(true);
  }
});

test('uses every prop', () => {
  const seconds: Required<PathCanaryProps> = {
    name: 'staging-ap-path',
    roleName: 'other',
    bucketName: 'other-bucket',
    accountId: '444444444444',
    awsRegion: 'eu-west-1',
    watched: 'eu-central-1',
    urls: ['https://other.example.com/'],
    settings: { ...observability, certificateDays: 7 },
  };
  expect(findDeadProps(props, seconds, (stack, given) => void new PathCanary(stack, 'Canary', given))).toEqual([]);
});
