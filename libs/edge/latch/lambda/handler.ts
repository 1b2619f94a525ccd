import { CloudWatchClient, GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { Resolver } from 'node:dns/promises';
import { decideLatch, type LatchDecision, type LatchSight } from '../decide-latch';
import type { KeeperConfig } from '../keeper-config';
import { latchDimensions, latchMetric, latchPeriodSec } from '../latch-metric';

/** A value of a minute is kept for 15 days (CloudWatch user guide, "Metrics retention"). */
const LOOK_BACK_SEC = 15 * 86_400;

const client = new CloudWatchClient({
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000 },
});

/**
 * Looks once, and engages the latch if Route 53 has failed over. Every call stays in the region of the keeper.
 * @throws Error where CloudWatch does not answer
 */
export async function handler(): Promise<LatchDecision> {
  const config = JSON.parse(process.env['LATCH']!) as KeeperConfig;
  const [answered, watched, here, last] = await Promise.all([
    addressesOf(config.answeredName),
    addressesOf(config.watchedName),
    addressesOf(config.hereName),
    lastValue(config),
  ]);
  const sight: LatchSight = { answered, watched, here, ...(last ? { last } : {}) };
  const decision = decideLatch(sight);
  if (decision.engage) await engage(config);
  process.stdout.write(`${JSON.stringify({ watched: config.watched, ...decision, sight })}\n`);
  return decision;
}

/** None where the name does not resolve, or no name server answers in time. */
async function addressesOf(name: string): Promise<string[]> {
  const servers = process.env['LATCH_NAME_SERVERS'];
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (servers) resolver.setServers(servers.split(','));
  return resolver.resolve4(name).catch(() => []);
}

const dimensionsOf = ({ environment, watched }: KeeperConfig) =>
  Object.entries(latchDimensions({ name: environment }, watched)).map(([Name, Value]) => ({ Name, Value }));

async function lastValue(config: KeeperConfig): Promise<LatchSight['last']> {
  const now = Date.now();
  const { MetricDataResults: [result] = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - LOOK_BACK_SEC * 1000),
      EndTime: new Date(now + latchPeriodSec * 1000),
      ScanBy: 'TimestampDescending',
      MaxDatapoints: 100,
      MetricDataQueries: [
        {
          Id: 'latched',
          MetricStat: {
            Metric: {
              Namespace: latchMetric.namespace,
              MetricName: latchMetric.name,
              Dimensions: dimensionsOf(config),
            },
            Period: latchPeriodSec,
            Stat: 'Maximum',
          },
        },
      ],
    }),
  );
  const { Timestamps: [time] = [], Values: [value] = [] } = result ?? {};
  if (time === undefined || value === undefined) return undefined;
  return { value, ageSec: (now - time.getTime()) / 1000 };
}

async function engage(config: KeeperConfig): Promise<void> {
  await client.send(
    new PutMetricDataCommand({
      Namespace: latchMetric.namespace,
      MetricData: [{ MetricName: latchMetric.name, Dimensions: dimensionsOf(config), Timestamp: new Date(), Value: 1 }],
    }),
  );
}
