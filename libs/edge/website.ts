import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { CloudfrontMonitoringSubscription } from '@cdktf/provider-aws/lib/cloudfront-monitoring-subscription';
import { Certificate } from '@platform/libs/certificate/certificate';
import { mainApplication } from '@platform/libs/settings/physical-names';
import { applicationOf, type ApplicationSettings } from '@platform/libs/settings/application';
import type { Environment } from '@platform/libs/settings/environment';
import { apiOriginName } from '@platform/libs/settings/physical-names';
import { reservedBucketName } from '@platform/libs/settings/reserved-buckets';
import { alarmsOf } from '@platform/libs/observability/alarms';
import { DeliveredLogBucket } from '@platform/libs/data/delivered-log-bucket';
import { Distribution, type DistributionProps } from './distribution';
import { DistributionLog } from './distribution-log';
import { LogQueryTable } from './log-query-table';
import { EdgeFirewall } from './edge-firewall';
import { certificateNames, distributionNames } from './names';

export interface WebsiteProps {
  readonly environment: Environment;
  /** Key of the region of the site. */
  readonly regionKey: string;
  /** Account that owns distribution, certificate, web ACL and logs. */
  readonly accountId: string;
  /** Record that validates certificates of that account. */
  readonly validationRecord: string;
  /** Names of the load balancers, in order of preference. */
  readonly balancers: readonly [string, string];
  /** Header by which every load balancer recognises the estate's distributions. */
  readonly header: DistributionProps['header'];
  /** Further applications, below a path each. Default: none. */
  readonly applications?: readonly { readonly name: string; readonly header: DistributionProps['header'] }[];
  /** Names of the copies of the website's bucket, in order of preference. Absent: load balancers serve all paths. */
  readonly buckets?: readonly [string, string];
  /** A provider for us-east-1. */
  readonly usEast1: AwsProvider;
}

/**
 * A region's edge: a {@link Distribution} with its certificate, web ACL and log.
 *
 * Certificate, web ACL and log delivery are in us-east-1, because AWS offers those of distributions only there. They
 * work without us-east-1; only changes need it.
 */
export class Website extends Construct {
  /** Outputs of the stack. */
  readonly values: Readonly<
    Record<
      'distributionId' | 'distributionDomainName' | 'distributionZoneId' | 'webAclArn' | 'accessLogBucketName',
      string
    >
  >;

  constructor(scope: Construct, id: string, props: WebsiteProps) {
    super(scope, id);
    const { environment, regionKey, accountId, usEast1 } = props;
    const { originFailover, strictTransport, logRetentionDays, protection, requestLimit, firewallLogRetentionDays } =
      environment.edge;
    const name = `${environment.name}-${regionKey}`;
    const certificate = new Certificate(this, 'Certificate', {
      names: certificateNames(environment),
      validationRecord: props.validationRecord,
      provider: usEast1,
    });
    const firewall = new EdgeFirewall(this, 'Firewall', {
      name: `${name}-edge`,
      requestLimit,
      managedRules: environment.firewall,
      logRetentionDays: firewallLogRetentionDays,
      accountId,
      usEast1,
    });
    const { distribution } = new Distribution(this, 'Distribution', {
      name,
      aliases: distributionNames(environment, regionKey),
      certificateArn: certificate.arn,
      webAclArn: firewall.arn,
      failover: originFailover,
      strictTransport,
      balancers: props.balancers,
      api: apiOriginName(environment),
      header: props.header,
      applications: (props.applications ?? []).map(({ name: application, header }) => ({
        name: application,
        origin: apiOriginName(environment, application),
        header,
      })),
      ...(props.buckets ? { buckets: props.buckets } : {}),
    });
    const bucket = new DeliveredLogBucket(this, 'Logs', {
      name: reservedBucketName(environment, 'edge-logs', regionKey),
      accountId,
      retentionDays: logRetentionDays,
      protection,
    });
    new DistributionLog(this, 'AccessLog', { name, distributionArn: distribution.arn, bucket, usEast1 });
    if (environment.edge.logQueries.mode === 'on') {
      new LogQueryTable(this, 'LogQueries', {
        name: `${name}-edge`,
        accountId,
        distributionId: distribution.id,
        bucketName: bucket.bucketName,
        settings: environment.edge,
      });
    }
    this.watch(distribution.id, applicationOf(environment, mainApplication).alarms, usEast1);
    this.values = {
      distributionId: distribution.id,
      distributionDomainName: distribution.domainName,
      distributionZoneId: distribution.hostedZoneId,
      webAclArn: firewall.arn,
      accessLogBucketName: bucket.bucketName,
    };
  }

  /**
   * What users notice at the edge. The latency of origins is one of CloudFront's additional metrics, which cost a fixed
   * price per distribution (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html).
   */
  private watch(distributionId: string, limits: ApplicationSettings['alarms'], usEast1: AwsProvider): void {
    new CloudfrontMonitoringSubscription(this, 'AdditionalMetrics', {
      distributionId,
      monitoringSubscription: { realtimeMetricsSubscriptionConfig: { realtimeMetricsSubscriptionStatus: 'Enabled' } },
    });
    const metricOf = (metricName: string, statistic: string) => ({
      namespace: 'AWS/CloudFront',
      metricName,
      dimensions: { DistributionId: distributionId, Region: 'Global' },
      statistic,
      periodSec: 60,
    });
    const alarms = alarmsOf(this, usEast1);
    alarms.add('EdgeErrors', {
      description: `More than ${limits.errorPercent} % of the requests at the edge are answered by 5xx: both origins fail, or the edge does not reach them`,
      metric: metricOf('5xxErrorRate', 'Average'),
      above: limits.errorPercent,
      periods: 5,
      tells: 'incident',
    });
    alarms.add('SlowOrigin', {
      description: `One in twenty requests waits for the origin for more than ${2 * limits.p95Ms} ms: see the application's own alarms, then the path from the edge`,
      metric: metricOf('OriginLatency', 'p95'),
      above: 2 * limits.p95Ms,
      periods: 5,
      tells: 'incident',
    });
  }
}
