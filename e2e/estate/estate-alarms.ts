import { publishedMetrics, type PublishedMetric } from '@platform/libs/observability/metrics';
import { watchOf } from '@platform/libs/observability/watched-types';

export interface Metric {
  readonly namespace: string;
  readonly metric_name: string;
  readonly dimensions?: Readonly<Record<string, string>>;
  /** Of a query's metric; an alarm on one metric has `statistic` or `extended_statistic`. */
  readonly stat?: string;
  readonly statistic?: string;
  readonly extended_statistic?: string;
}
export interface AlarmJson extends Partial<Metric> {
  readonly alarm_name: string;
  readonly metric_query?: readonly { readonly metric?: Metric }[];
  readonly treat_missing_data?: string;
  readonly threshold: number;
  readonly provider?: string;
}
type Resource = Readonly<Record<string, unknown>> & { readonly provider?: string };
/** A stack's `cdk.tf.json`, as far as alarms need it. */
export interface StackJson {
  readonly provider: {
    readonly aws: readonly { readonly alias?: string; readonly region: string }[];
  };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
}
export type Estate = ReadonlyMap<string, StackJson>;

interface Alarm {
  readonly stack: string;
  readonly address: string;
  readonly name: string;
  readonly awsRegion: string;
  readonly metrics: readonly Metric[];
  /** Its metrics with their statistics: see `libs/observability/watched-types.ts`. */
  readonly kind: string;
}

const alarmType = 'aws_cloudwatch_metric_alarm';
const compositeType = 'aws_cloudwatch_composite_alarm';

export const metricsOf = (alarm: AlarmJson): Metric[] =>
  alarm.metric_query ? alarm.metric_query.flatMap(({ metric }) => metric ?? []) : [alarm as Metric];

export const entryOf = ({ namespace, metric_name }: Metric): PublishedMetric | undefined =>
  publishedMetrics.find((each) => each.namespace === namespace && each.names.includes(metric_name));

/** AWS region of a resource, by its provider. */
export function awsRegionOf(stack: StackJson, { provider }: { readonly provider?: string }): string {
  const alias = provider?.split('.')[1];
  return stack.provider.aws.find((each) => each.alias === alias)!.region;
}

const kindOf = (metrics: readonly Metric[]) =>
  [
    ...new Set(
      metrics.map(
        ({ stat, statistic, extended_statistic, metric_name }) =>
          `${(stat ?? statistic ?? extended_statistic)!.replace(/\(.*/, '')} ${metric_name}`,
      ),
    ),
  ]
    .sort((a, b) => (a.split(' ')[1]! < b.split(' ')[1]! ? -1 : 1))
    .join(' + ');

function alarmsOf(estate: Estate): Alarm[] {
  return [...estate].flatMap(([stack, json]) =>
    Object.entries(json.resource?.[alarmType] ?? {}).map(([address, resource]) => {
      const metrics = metricsOf(resource as unknown as AlarmJson);
      return {
        stack,
        address,
        name: String(resource['alarm_name']),
        metrics,
        kind: kindOf(metrics),
        awsRegion: awsRegionOf(json, resource),
      };
    }),
  );
}

/** Arguments by which metrics know a resource. */
const identities = [
  'name',
  'bucket',
  'identifier',
  'cluster_identifier',
  'replication_group_id',
  'global_table_arn',
  'hosted_zone_id',
  'cloudwatch_alarm_name',
  'rule.0.target_vault_name',
  'subnet_ids.0',
  'visibility_config.metric_name',
];

/** The addresses and names that mean a resource: its own, and those of the resources that its names come from. */
function namesOf(stack: StackJson, type: string, name: string): string[] {
  const resource = stack.resource?.[type]?.[name];
  if (!resource) return [];
  return [
    `${type}.${name}.`,
    ...identities.flatMap((path) => {
      const value = path.split('.').reduce<unknown>((at, key) => (at as Resource | undefined)?.[key], resource);
      if (typeof value !== 'string') return [];
      const [, otherType, otherName] = /\$\{(aws_\w+)\.([\w-]+)\./.exec(value) ?? [];
      return otherType ? namesOf(stack, otherType, otherName!) : [value];
    }),
  ];
}

/** The other end of a replication is not what the metric is about. */
const otherEnds = ['DestinationBucket', 'ReceivingRegion', 'SourceRegion'];

function namesResource(alarm: Alarm, stack: string, names: readonly string[]): boolean {
  if (names.includes(alarm.name)) return true;
  return alarm.metrics.some(({ dimensions = {} }) =>
    Object.entries(dimensions).some(
      ([key, value]) =>
        !otherEnds.includes(key) &&
        names.some((name) =>
          name.endsWith('.')
            ? alarm.stack === stack && value.includes(name)
            : value === name || value.startsWith(`${name}-0`),
        ),
    ),
  );
}

/**
 * S3 reports the lag of a replication in the destination's region, and failures in the source's. A latch is in a region that
 * takes over.
 */
const isElsewhere = ({ namespace, metric_name }: Metric) =>
  (namespace === 'AWS/S3' && metric_name === 'ReplicationLatency') || namespace === 'Platform/Failover';

function isWhereDataIs(alarm: Alarm, awsRegion: string): boolean {
  return alarm.metrics.every(
    (metric) => isElsewhere(metric) || alarm.awsRegion === (entryOf(metric)?.onlyIn ?? awsRegion),
  );
}

/** What is unwatched: types without a rule, resources without an alarm that the rules ask for, alarms that no rule asks for. */
export function unwatchedIn(estate: Estate): string[] {
  const alarms = alarmsOf(estate);
  const asked = new Set<Alarm>();
  const problems: string[] = [];
  for (const [stack, json] of estate) {
    for (const [type, resources] of Object.entries(json.resource ?? {})) {
      for (const [name, resource] of Object.entries(resources)) {
        const rule = watchOf(type, resource);
        if (!rule) {
          problems.push(
            `${stack} ${type}: not in libs/observability/watched-types.ts; add its alarms or the reason for none`,
          );
          break;
        }
        if (!('alarms' in rule)) continue;
        const names = namesOf(json, type, name);
        const awsRegion = awsRegionOf(json, resource);
        for (const kind of rule.alarms) {
          const found = alarms.filter(
            (alarm) => alarm.kind === kind && namesResource(alarm, stack, names) && isWhereDataIs(alarm, awsRegion),
          );
          for (const alarm of found) asked.add(alarm);
          if (found.length === 0) problems.push(`${stack} ${type}.${name}: no alarm on ${kind}`);
        }
      }
    }
  }
  const unasked = alarms
    .filter((alarm) => !asked.has(alarm))
    .map(
      ({ stack, address, kind }) =>
        `${stack} ${address}: no rule of libs/observability/watched-types.ts asks for an alarm on ${kind}`,
    );
  return [...problems, ...unasked, ...untoldIn(estate)];
}

/** Alarms that neither notify nor are part of one that does, and rules with alarms that do not exist. */
function untoldIn(estate: Estate): string[] {
  // A health check that follows an alarm is told by it.
  const followed = [...estate.values()].flatMap(({ resource = {} }) =>
    Object.values(resource['aws_route53_health_check'] ?? {}).map(({ cloudwatch_alarm_name: name }) => name),
  );
  return [...estate].flatMap(([stack, { resource = {} }]) => {
    const all = [alarmType, compositeType].flatMap((type) =>
      Object.entries(resource[type] ?? {}).map(([name, alarm]) => [`\${${type}.${name}.alarm_name}`, alarm] as const),
    );
    const named = all.flatMap(([, { alarm_rule: rule }]) =>
      [...String(rule ?? '').matchAll(/ALARM\("([^"]*)"\)/g)].map(([, name]) => name!),
    );
    return [
      ...all
        .filter(
          ([address, { alarm_actions: actions, alarm_name: name }]) =>
            !actions && !named.includes(address) && !followed.includes(name),
        )
        .map(([address]) => `${stack} ${address}: has no recipient`),
      ...named
        .filter((name) => !all.some(([address]) => address === name))
        .map((name) => `${stack}: a composite alarm needs ${name}, which does not exist`),
    ];
  });
}

/** The estate without one alarm, for every alarm of it. */
export function* withoutEachAlarm(estate: Estate): Generator<{ readonly removed: string; readonly estate: Estate }> {
  for (const [stack, json] of estate) {
    for (const type of [alarmType, compositeType]) {
      for (const address of Object.keys(json.resource?.[type] ?? {})) {
        const { [address]: _, ...others } = json.resource![type]!;
        yield {
          removed: `${stack} ${type}.${address}`,
          estate: new Map(estate).set(stack, { ...json, resource: { ...json.resource, [type]: others } }),
        };
      }
    }
  }
}
