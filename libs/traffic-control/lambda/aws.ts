import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import {
  DescribeAcceleratorCommand,
  DescribeEndpointGroupCommand,
  GlobalAcceleratorClient,
  UpdateEndpointGroupCommand,
} from '@aws-sdk/client-global-accelerator';
import { GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { ControlConfig, ControlledRegion } from '../control-config';
import {
  telemetryDelayMin,
  type Decision,
  type DecisionInput,
  type Memory,
  type ObservedRegion,
  type Override,
} from '../decide';
import type { Sample } from '../judge';

/** The accelerator's API is there only (Global Accelerator API reference, "Welcome"). */
const acceleratorRegion = 'us-west-2';
/** Route 53 publishes its metrics there only (Route 53 developer guide, "Monitoring health checks using CloudWatch"). */
const healthCheckRegion = 'us-east-1';

/** A region that is lost does not answer: the function must not wait for it until it is stopped itself. */
const patience = { maxAttempts: 2, requestHandler: { connectionTimeout: 1000, requestTimeout: 4000 } } as const;

export type Clients = ReturnType<typeof clientsFor>;

export function clientsFor({ readerRoleArn }: ControlConfig) {
  const here = { ...patience };
  const sts = new STSClient(here);
  let reader: Promise<Credentials> | undefined;
  return {
    accelerator: new GlobalAcceleratorClient({ ...patience, region: acceleratorRegion }),
    parameters: new SSMClient(here),
    healthChecks: new CloudWatchClient({ ...patience, region: healthCheckRegion }),
    balancers: async (region: string) =>
      new CloudWatchClient({
        ...patience,
        region,
        ...(readerRoleArn ? { credentials: await (reader ??= assume(sts, readerRoleArn)) } : {}),
      }),
  };
}

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

async function assume(sts: STSClient, RoleArn: string): Promise<Credentials> {
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'traffic-control', DurationSeconds: 900 }),
  );
  return {
    accessKeyId: given!.AccessKeyId!,
    secretAccessKey: given!.SecretAccessKey!,
    sessionToken: given!.SessionToken!,
  };
}

/** All that a decision needs. `failures` says what could not be read; that is unknown in `input`. */
export async function observe(
  config: ControlConfig,
  clients: Clients,
  nowMinute: number,
): Promise<{ readonly input: DecisionInput; readonly failures: readonly string[] }> {
  const failures: string[] = [];
  const attempt = async <T>(what: string, read: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      failures.push(`${what}: ${(error as Error).name}: ${(error as Error).message}`);
      return undefined;
    }
  };
  const { settings, judged } = config;
  const last = nowMinute - telemetryDelayMin;
  const window = { from: last - Math.max(settings.lowerAfterMin, settings.raiseAfterMin) + 1, to: last };
  const keys = Object.keys(config.regions);
  const [status, parameters, checkers, ...groups] = await Promise.all([
    attempt('accelerator', async () => {
      const { Accelerator } = await clients.accelerator.send(
        new DescribeAcceleratorCommand({ AcceleratorArn: config.acceleratorArn }),
      );
      return Accelerator?.Status;
    }),
    attempt('parameters', () => readParameters(config, clients.parameters)),
    attempt('health checks', () => readCheckers(config, clients.healthChecks, window)),
    ...keys.map((key) =>
      attempt(`region ${key}`, () => readRegion(config.regions[key]!, clients, window, attempt, key)),
    ),
  ]);
  const regions = keys.map((key, index): [string, ObservedRegion] => {
    const { group, balancer } = groups[index] ?? {};
    const samples: Sample[] = [];
    for (let minute = window.from; minute <= window.to; minute++) {
      const checkersPercent = checkers?.get(key)?.get(minute);
      samples.push({
        minute,
        ...(checkersPercent === undefined ? {} : { checkersPercent }),
        ...(balancer ? { balancer: balancer.get(minute) ?? {} } : {}),
      });
    }
    return [
      key,
      {
        plannedPercent: Number(config.regions[key]!.plannedPercent),
        ...(group?.dialPercent === undefined ? {} : { dialPercent: group.dialPercent }),
        endpoint: group?.endpoint ?? 'unknown',
        samples,
      },
    ];
  });
  const memory = parameters ? parameters.memory : 'unreadable';
  const override = parameters ? parameters.override : 'unreadable';
  return {
    input: {
      nowMinute,
      settings,
      judged,
      regions: Object.fromEntries(regions),
      accelerator: status === 'DEPLOYED' ? 'deployed' : status === 'IN_PROGRESS' ? 'in-progress' : 'unknown',
      ...(override ? { override } : {}),
      ...(memory ? { memory } : {}),
    },
    failures,
  };
}

/** The move is stored first: a dial that the memory does not explain is never raised. */
export async function move(config: ControlConfig, clients: Clients, decision: Decision): Promise<void> {
  await clients.parameters.send(
    new PutParameterCommand({
      Name: config.memoryParameter,
      Value: JSON.stringify(decision.memory),
      Overwrite: true,
    }),
  );
  // Only the dial: endpoints that are left out of the call stay as they are (Global Accelerator API reference,
  // UpdateEndpointGroup).
  await clients.accelerator.send(
    new UpdateEndpointGroupCommand({
      EndpointGroupArn: config.regions[config.judged]!.endpointGroupArn,
      TrafficDialPercentage: decision.toPercent!,
    }),
  );
}

interface Window {
  readonly from: number;
  readonly to: number;
}
type Attempt = <T>(what: string, read: () => Promise<T>) => Promise<T | undefined>;

async function readRegion(region: ControlledRegion, clients: Clients, window: Window, attempt: Attempt, key: string) {
  const [group, balancer] = await Promise.all([
    attempt(`endpoint group of ${key}`, async () => {
      const { EndpointGroup } = await clients.accelerator.send(
        new DescribeEndpointGroupCommand({ EndpointGroupArn: region.endpointGroupArn }),
      );
      const descriptions = EndpointGroup?.EndpointDescriptions ?? [];
      // A failover takes a region out by weight 0: it gets no connection, however healthy it is.
      const states = descriptions.map(({ HealthState, Weight }) => (Weight === 0 ? 'UNHEALTHY' : HealthState));
      const endpoint = states.includes('HEALTHY')
        ? ('healthy' as const)
        : states.includes('UNHEALTHY')
          ? ('unhealthy' as const)
          : ('unknown' as const);
      return { dialPercent: EndpointGroup?.TrafficDialPercentage, endpoint };
    }),
    attempt(`load balancer of ${key}`, async () =>
      readBalancer(region, await clients.balancers(region.awsRegion), window),
    ),
  ]);
  return { group, balancer };
}

async function readCheckers({ regions }: ControlConfig, client: CloudWatchClient, window: Window) {
  const keys = Object.keys(regions);
  const results = await getMetricData(
    client,
    window,
    keys.map((key, index) => ({
      Id: `checkers${index}`,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/Route53',
          MetricName: 'HealthCheckPercentageHealthy',
          Dimensions: [{ Name: 'HealthCheckId', Value: regions[key]!.healthCheckId }],
        },
        Period: 60,
        Stat: 'Average',
      },
    })),
  );
  return new Map(keys.map((key, index) => [key, byMinute(results, `checkers${index}`)]));
}

/** Metrics of a region's load balancer, with their statistics and the factor to our unit. */
const balancerMetrics = {
  requests: ['RequestCount', 'Sum', 1],
  targetErrors: ['HTTPCode_Target_5XX_Count', 'Sum', 1],
  balancerErrors: ['HTTPCode_ELB_5XX_Count', 'Sum', 1],
  p99Ms: ['TargetResponseTime', 'p99', 1000],
} as const;

async function readBalancer({ balancer }: ControlledRegion, client: CloudWatchClient, window: Window) {
  const results = await getMetricData(
    client,
    window,
    Object.entries(balancerMetrics).map(([id, [MetricName, Stat]]) => ({
      Id: id,
      MetricStat: {
        Metric: {
          Namespace: 'AWS/ApplicationELB',
          MetricName,
          Dimensions: [{ Name: 'LoadBalancer', Value: balancer }],
        },
        Period: 60,
        Stat,
      },
    })),
  );
  const minutes = new Map<number, NonNullable<Sample['balancer']>>();
  for (const [id, [, , factor]] of Object.entries(balancerMetrics)) {
    for (const [minute, value] of byMinute(results, id)) {
      minutes.set(minute, { ...minutes.get(minute), [id]: value * factor });
    }
  }
  return minutes;
}

async function getMetricData(
  client: CloudWatchClient,
  { from, to }: Window,
  MetricDataQueries: MetricDataQuery[],
): Promise<MetricDataResult[]> {
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries,
      StartTime: new Date(from * 60_000),
      EndTime: new Date((to + 1) * 60_000),
      ScanBy: 'TimestampAscending',
    }),
  );
  // Partial data is no data: a minute that is missing for this reason must not count as idle.
  const failed = MetricDataResults.find(({ StatusCode }) => StatusCode !== 'Complete');
  if (failed) throw new Error(`${failed.Id} is ${failed.StatusCode}`);
  return MetricDataResults;
}

function byMinute(results: readonly MetricDataResult[], id: string): Map<number, number> {
  const { Timestamps = [], Values = [] } = results.find(({ Id }) => Id === id) ?? {};
  return new Map(Timestamps.map((time, index) => [Math.floor(time.getTime() / 60_000), Values[index]!]));
}

async function readParameters({ overrideParameter, memoryParameter }: ControlConfig, client: SSMClient) {
  const { Parameters = [] } = await client.send(
    new GetParametersCommand({ Names: [overrideParameter, memoryParameter] }),
  );
  const valueOf = (name: string) => {
    const found = Parameters.find(({ Name }) => Name === name);
    if (!found) throw new Error(`${name} does not exist`);
    return found.Value ?? '';
  };
  return { override: parseOverride(valueOf(overrideParameter)), memory: parseMemory(valueOf(memoryParameter)) };
}

/** `none`, or `{"until":"2030-01-31T12:00:00Z"}`, with any other fields. */
export function parseOverride(value: string): Override | undefined {
  if (value.trim() === 'none') return undefined;
  const until = (parse(value) as { until?: unknown } | undefined)?.until;
  const time =
    typeof until === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z$/.test(until) ? Date.parse(until) : NaN;
  return Number.isNaN(time) ? 'unreadable' : { untilMinute: Math.ceil(time / 60_000) };
}

/** `none`, or a {@link Memory} as JSON. */
export function parseMemory(value: string): Memory | 'unreadable' | undefined {
  if (value.trim() === 'none') return undefined;
  const memory = parse(value) as Partial<Memory> | undefined;
  const numbers = [memory?.atMinute, memory?.dialPercent, memory?.ceilingPercent];
  return numbers.every(Number.isFinite) ? (memory as Memory) : 'unreadable';
}

function parse(value: string): unknown {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}
