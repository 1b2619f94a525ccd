import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunction } from '@platform/libs/stack/function-code';
import { workspaceRoot } from '@platform/libs/stack/workspace-file';
import type { ControlConfig } from '../control-config';
import { telemetryDelayMin, type Decision } from '../decide';
import { parseMemory, parseOverride } from './aws';
import { alarmEvents } from '../traffic-control';

const code = bundleFunction('libs/traffic-control/lambda/handler.ts');

/** As EventBridge delivers it (CloudWatch user guide, "Alarm events and EventBridge"), with our names. */
const alarmEvent = {
  version: '0',
  id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account: '222222222222',
  time: '2026-01-02T17:04:40Z',
  region: 'ap-northeast-2',
  resources: ['arn:aws:cloudwatch:ap-northeast-2:222222222222:alarm:prod-app-errors'],
  detail: {
    alarmName: 'prod-app-errors',
    state: {
      value: 'ALARM',
      reason: 'Threshold Crossed: 3 datapoints were greater than the threshold (5.0).',
      timestamp: '2026-01-02T17:04:40.123+0000',
    },
    previousState: { value: 'OK', timestamp: '2026-01-02T16:04:40.123+0000' },
    configuration: { description: 'More than 5 % of the requests of the region are answered by 5xx' },
  },
};

const group = (key: string) => `arn:aws:globalaccelerator::333333333333:accelerator/a/listener/l/endpoint-group/${key}`;
const config = (mode: 'monitor' | 'enforce'): ControlConfig => ({
  environment: 'prod',
  judged: 'ap',
  acceleratorArn: 'arn:aws:globalaccelerator::333333333333:accelerator/a',
  settings: {
    mode,
    floorPercent: 10,
    stepPercent: 20,
    lowerAfterMin: 3,
    raiseAfterMin: 15,
    errorPercent: 5,
    p99Ms: 3000,
    minRequestsPerMin: 60,
  },
  readerRoleArn: 'arn:aws:iam::222222222222:role/prod-traffic-control-us-reader',
  overrideParameter: '/prod/traffic-control/override',
  memoryParameter: '/prod/traffic-control/memory',
  regions: {
    us: {
      awsRegion: 'us-east-1',
      endpointGroupArn: group('us'),
      plannedPercent: '100',
      balancer: 'app/us/1',
      healthCheckId: 'check-us',
    },
    ap: {
      awsRegion: 'ap-northeast-2',
      endpointGroupArn: group('ap'),
      plannedPercent: '100',
      balancer: 'app/ap/1',
      healthCheckId: 'check-ap',
    },
  },
});

interface Call {
  readonly action: string;
  /** Region and access key of its signature. */
  readonly region: string;
  readonly key: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

/** What the endpoint answers; by default ap answers half of its requests with errors. */
interface World {
  readonly errorsOf?: Readonly<Record<string, number>>;
  readonly override?: string;
  readonly memory?: string;
  readonly status?: string;
  /** Weight of the endpoint in us. */
  readonly weight?: number;
  /** Actions that fail, with their region: `GetMetricData us-east-1`. */
  readonly failing?: readonly string[];
}

let server: Server;
let calls: Call[];
let world: World;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'function-'));
  writeFileSync(join(folder, 'index.js'), code);
  symlinkSync(join(workspaceRoot(), 'node_modules'), join(folder, 'node_modules'));
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const target = request.headers['x-amz-target'] as string | undefined;
      const [, key = '', region = ''] =
        /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
      const body = target ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
      const action = target ? target.split('.').at(-1)! : String(body.Action);
      calls.push({ action, region, key, body });
      if (world.failing?.includes(`${action} ${region}`)) {
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ __type: 'AccessDeniedException', message: 'not allowed' }));
        return;
      }
      const answer = answerTo(action, body);
      response.writeHead(200, {
        'content-type': typeof answer === 'string' ? 'text/xml' : 'application/x-amz-json-1.1',
      });
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  calls = [];
  world = {};
});

function answerTo(action: string, body: Call['body']): object | string {
  switch (action) {
    case 'DescribeAccelerator':
      return { Accelerator: { Status: world.status ?? 'DEPLOYED' } };
    case 'DescribeEndpointGroup':
      return {
        EndpointGroup: {
          TrafficDialPercentage: 100,
          EndpointDescriptions: [
            { HealthState: 'HEALTHY', Weight: body.EndpointGroupArn === group('us') ? (world.weight ?? 128) : 128 },
          ],
        },
      };
    case 'GetParameters':
      return {
        Parameters: [
          { Name: '/prod/traffic-control/override', Value: world.override ?? 'none' },
          { Name: '/prod/traffic-control/memory', Value: world.memory ?? 'none' },
        ],
      };
    case 'AssumeRole':
      return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>READER</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
    case 'GetMetricData':
      return { MetricDataResults: body.MetricDataQueries.map((query: Query) => series(query, body)) };
    default:
      return {};
  }
}

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: { readonly MetricName: string; readonly Dimensions: readonly { readonly Value: string }[] };
  };
}

/** A value for each minute that is asked for; an idle metric has none. */
function series({ Id, MetricStat }: Query, { StartTime, EndTime }: { StartTime: number; EndTime: number }) {
  const { MetricName, Dimensions } = MetricStat.Metric;
  const key = /us/.test(Dimensions[0]!.Value) ? 'us' : 'ap';
  const errors = (world.errorsOf ?? { ap: 50 })[key] ?? 0;
  const value = {
    HealthCheckPercentageHealthy: 100,
    RequestCount: 100,
    TargetResponseTime: 0.2,
    HTTPCode_Target_5XX_Count: errors,
  }[MetricName];
  const minutes = Array.from({ length: Math.round((EndTime - StartTime) / 60) }, (_, index) => StartTime + index * 60);
  const has = value !== undefined && (MetricName !== 'HTTPCode_Target_5XX_Count' || value > 0);
  return { Id, StatusCode: 'Complete', Timestamps: has ? minutes : [], Values: has ? minutes.map(() => value) : [] };
}

/** Runs the bundle in a process of its own, as Lambda does in us-east-1. */
async function invoke(mode: 'monitor' | 'enforce', event: object = alarmEvent) {
  const { port } = server.address() as AddressInfo;
  const child = spawn(
    process.execPath,
    [
      '-e',
      `require('./index.js').handler(${JSON.stringify(event)}).catch((error) => { console.error(error); process.exit(1); })`,
    ],
    {
      cwd: folder,
      env: {
        PATH: process.env['PATH'],
        // The SDK warns of versions of Node.js that it will not support.
        NODE_NO_WARNINGS: '1',
        AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'FUNCTION',
        AWS_SECRET_ACCESS_KEY: 's',
        CONTROL: JSON.stringify(config(mode)),
      },
    },
  );
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, err, line: (out ? JSON.parse(out) : undefined) as Decision & Record<string, unknown> };
}

const changes = () => calls.filter(({ action }) => /^(Put|Update)/.test(action));

test('is smaller than 300 kB, and knows no path of this machine', () => {
  expect(Buffer.byteLength(code)).toBeLessThan(300_000);
  expect(code).not.toContain(workspaceRoot());
});

test('an alarm makes it look, and it lowers the dial by one step after it stored the move', async () => {
  const { status, err, line } = await invoke('enforce');
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(line).toMatchObject({
    trigger: 'alarm prod-app-errors of ap-northeast-2: ALARM',
    action: 'lower',
    reason: 'ap was bad for 3 minutes, and us is good',
    failures: [],
    Environment: 'prod',
    JudgedRegion: 'ap',
    Lower: 1,
    Moves: 1,
    Dial: 100,
  });
  expect(changes().map(({ action, region, body }) => ({ action, region, body }))).toEqual([
    {
      action: 'PutParameter',
      region: 'us-east-1',
      body: {
        Name: '/prod/traffic-control/memory',
        Value: expect.stringContaining('"dialPercent":80'),
        Overwrite: true,
      },
    },
    {
      action: 'UpdateEndpointGroup',
      region: 'us-west-2',
      body: { EndpointGroupArn: group('ap'), TrafficDialPercentage: 80 },
    },
  ]);
});

test('the metrics of its log line are in the line', async () => {
  const { line } = await invoke('monitor');
  const [metrics] = (
    line as unknown as { _aws: { CloudWatchMetrics: [{ Metrics: { Name: string }[]; Dimensions: [string[]] }] } }
  )._aws.CloudWatchMetrics;
  for (const name of [...metrics.Metrics.map(({ Name }) => Name), ...metrics.Dimensions[0]]) {
    expect(line).toHaveProperty(name);
  }
});

test('reads the metrics of each region there, with the role of their account, and the rest outside of the judged region', async () => {
  await invoke('monitor');
  const made = calls.map(({ action, region, key, body }) =>
    `${action} ${region} ${key} ${body.MetricDataQueries?.[0].MetricStat.Metric.Namespace ?? ''}`.trim(),
  );
  expect([...new Set(made)].sort()).toEqual([
    'AssumeRole us-east-1 FUNCTION',
    'DescribeAccelerator us-west-2 FUNCTION',
    'DescribeEndpointGroup us-west-2 FUNCTION',
    'GetMetricData ap-northeast-2 READER AWS/ApplicationELB',
    'GetMetricData us-east-1 FUNCTION AWS/Route53',
    'GetMetricData us-east-1 READER AWS/ApplicationELB',
    'GetParameters us-east-1 FUNCTION',
  ]);
});

test('mode monitor decides the same and changes nothing', async () => {
  const { line } = await invoke('monitor', { 'detail-type': 'Scheduled Event' });
  expect(line).toMatchObject({ trigger: 'schedule', action: 'lower', Moves: 0 });
  expect(changes()).toEqual([]);
});

test.each<[string, World, string]>([
  ['all is well', { errorsOf: {} }, 'ap needs no move'],
  ['a failover has taken the other region out', { weight: 0 }, 'no other region is healthy'],
  ['both regions have errors', { errorsOf: { us: 50, ap: 50 } }, 'no other region is healthy'],
  ['the accelerator changes', { status: 'IN_PROGRESS' }, 'under way'],
  ['an override holds', { override: '{"until":"2099-01-01T00:00:00Z"}' }, 'an override holds until 2099'],
  ['the override has no end', { override: '{"reason":"game day"}' }, 'no valid end time'],
  ['the memory is damaged', { memory: '{' }, 'the last move could not be read'],
  ['the parameters cannot be read', { failing: ['GetParameters us-east-1'] }, 'no valid end time'],
  ['the accelerator cannot be read', { failing: ['DescribeAccelerator us-west-2'] }, 'could not be read'],
  ['the metrics of ap cannot be read', { failing: ['GetMetricData ap-northeast-2'] }, 'ap needs no move'],
  ['us-east-1 is lost, and with it the checkers', { failing: ['GetMetricData us-east-1'] }, 'no other region'],
])('moves nothing while %s', async (_, given, reason) => {
  world = given;
  const { status, line } = await invoke('enforce');
  expect(status).toBe(0);
  expect(line.reason).toContain(reason);
  expect(line['failures']).toHaveLength(given.failing ? Math.max(1, (line['failures'] as string[]).length) : 0);
  expect(changes()).toEqual([]);
});

test('fails when a move was decided and is refused, so that its alarm fires', async () => {
  world = { failing: ['UpdateEndpointGroup us-west-2'] };
  const { status, err } = await invoke('enforce');
  expect(status).toBe(1);
  expect(err).toContain('AccessDenied');
});

test('the rule passes the recorded event', () => {
  const { source, detail, 'detail-type': type } = alarmEvents('prod');
  expect(source).toContain(alarmEvent.source);
  expect(type).toContain(alarmEvent['detail-type']);
  expect(detail.alarmName.some(({ prefix }) => alarmEvent.detail.alarmName.startsWith(prefix))).toBe(true);
});

test.each<[string, unknown]>([
  ['none', undefined],
  ['none\n', undefined],
  ['{"until":"1970-01-01T00:01:30Z","reason":"game day"}', { untilMinute: 2 }],
  ['{"until":"1970-01-01"}', 'unreadable'],
  ['{"until":90}', 'unreadable'],
  ['{}', 'unreadable'],
  ['', 'unreadable'],
])('override %j', (value, expected) => expect(parseOverride(value)).toEqual(expected));

test.each<[string, unknown]>([
  ['none', undefined],
  ['{"atMinute":1,"dialPercent":80,"ceilingPercent":100}', { atMinute: 1, dialPercent: 80, ceilingPercent: 100 }],
  ['{"atMinute":1,"dialPercent":"80","ceilingPercent":100}', 'unreadable'],
  ['null', 'unreadable'],
])('memory %j', (value, expected) => expect(parseMemory(value)).toEqual(expected));

test('the window covers the longer wait', async () => {
  await invoke('monitor');
  const { StartTime, EndTime } = calls.find(({ action }) => action === 'GetMetricData')!.body;
  expect((EndTime - StartTime) / 60).toBe(15);
  expect(Date.now() / 1000 - EndTime).toBeGreaterThanOrEqual((telemetryDelayMin - 1) * 60);
});
