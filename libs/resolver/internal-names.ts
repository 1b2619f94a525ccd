import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { addHealthAlarm } from '@platform/libs/edge/region-health';
import type { HealthCheckSettings } from '@platform/libs/settings/edge';

/** What a region's names lead to. */
export interface InternalTargets {
  /** Region key. */
  readonly region: string;
  /** The region's member of the database. */
  readonly database: string;
  readonly databaseReader: string;
  /** Absent where the settings have no cache. */
  readonly cache?: string;
  readonly cacheReader?: string;
  readonly balancer: string;
  /** Public name of the balancer, for the health check. */
  readonly balancerHealthName: string;
}

export interface InternalNamesProps {
  /** Prefix of the names of health checks: the environment. */
  readonly name: string;
  readonly zoneId: string;
  /** `internal.example.com` */
  readonly zoneName: string;
  /** Where writes go: the endpoint that follows the writer of a global cluster, or the primary region's instance. */
  readonly writer: string;
  /** Key of the primary region. */
  readonly primary: string;
  readonly regions: readonly InternalTargets[];
  readonly healthCheck: HealthCheckSettings;
  /** A provider for us-east-1, where Route 53 reports the check's status. */
  readonly usEast1: AwsProvider;
}

/**
 * TTL of the records, in seconds. It adds to the time of a failover; targets of AWS have TTLs of their own, of 5 to 60 s.
 */
const ttlSec = 10;

/**
 * Names of data stores and services inside the VPCs.
 *
 * | name | leads to |
 * |---|---|
 * | `database` | the writer |
 * | `database-<region>`, `database-reader-<region>` | the region's member, and its readers |
 * | `cache-<region>`, `cache-reader-<region>` | the region's cache |
 * | `app` | the primary region's load balancer, another region's while it is unhealthy |
 * | `app-<region>` | the region's load balancer |
 *
 * `database` needs no health check: with Aurora it is an alias of AWS's own global writer endpoint, which moves with the
 * writer role, and a check of ours could only lead writes to a member that cannot write (Aurora user guide, "Connecting to
 * Amazon Aurora Global Database":
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-connecting.html). Nor could there be
 * one: the health checks of private addresses follow a CloudWatch alarm
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-private-hosted-zones.html), which they name
 * without an account (https://docs.aws.amazon.com/Route53/latest/APIReference/API_AlarmIdentifier.html), and the
 * database's alarms are in another one.
 */
export class InternalNames extends Construct {
  /** Names by purpose: `database`, `cache-us`. */
  readonly names: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: InternalNamesProps) {
    super(scope, id);
    const { zoneName, regions } = props;
    const targets: Record<string, string> = {
      database: props.writer,
      ...Object.assign(
        {},
        ...regions.map(({ region, database, databaseReader, cache, cacheReader, balancer }) => ({
          [`database-${region}`]: database,
          [`database-reader-${region}`]: databaseReader,
          ...(cache ? { [`cache-${region}`]: cache } : {}),
          ...(cacheReader ? { [`cache-reader-${region}`]: cacheReader } : {}),
          [`app-${region}`]: balancer,
        })),
      ),
    };
    for (const [name, target] of Object.entries(targets)) this.record(props, name, name, { records: [target] });
    this.failover(props);
    this.names = Object.fromEntries([...Object.keys(targets), 'app'].map((name) => [name, `${name}.${zoneName}`]));
  }

  /** The first region after the primary answers while the primary is unhealthy; if no region is healthy, the primary. */
  private failover(props: InternalNamesProps): void {
    const { name, primary, regions, healthCheck } = props;
    const first = regions.find(({ region }) => region === primary)!;
    const second = regions.find(({ region }) => region !== primary);
    const check = new Route53HealthCheck(this, 'AppHealth', {
      type: 'HTTPS',
      fqdn: first.balancerHealthName,
      port: 443,
      resourcePath: healthCheck.path,
      enableSni: true,
      requestInterval: healthCheck.intervalSec,
      failureThreshold: healthCheck.failureThreshold,
      tags: { Name: `${name}-internal-app` },
      lifecycle: { createBeforeDestroy: true, ignoreChanges: ['invert_healthcheck', 'disabled'] },
    });
    addHealthAlarm(
      this,
      props.usEast1,
      'InternalApp',
      check.id,
      `The load balancer of ${primary} is unhealthy: inside the VPCs, \`app\` leads to another region`,
    );
    this.record(props, 'App-primary', 'app', {
      records: [first.balancer],
      setIdentifier: 'primary',
      failoverRoutingPolicy: { type: 'PRIMARY' },
      healthCheckId: check.id,
    });
    if (!second) return;
    this.record(props, 'App-secondary', 'app', {
      records: [second.balancer],
      setIdentifier: 'secondary',
      failoverRoutingPolicy: { type: 'SECONDARY' },
    });
  }

  private record(
    { zoneId, zoneName }: InternalNamesProps,
    id: string,
    name: string,
    rest: Pick<
      ConstructorParameters<typeof Route53Record>[2],
      'records' | 'setIdentifier' | 'failoverRoutingPolicy' | 'healthCheckId'
    >,
  ): void {
    new Route53Record(this, id, { zoneId, name: `${name}.${zoneName}`, type: 'CNAME', ttl: ttlSec, ...rest });
  }
}
