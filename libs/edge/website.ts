import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { Certificate } from '@platform/libs/certificate/certificate';
import type { Environment } from '@platform/libs/settings/environment';
import { reservedBucketName } from '@platform/libs/settings/reserved-buckets';
import { DeliveredLogBucket } from './delivered-log-bucket';
import { Distribution, type DistributionProps } from './distribution';
import { DistributionLog } from './distribution-log';
import { EdgeFirewall } from './edge-firewall';
import { apiOriginName, certificateNames, distributionNames } from './names';

export interface WebsiteProps {
  readonly environment: Environment;
  /** Key of the region whose site it is. */
  readonly regionKey: string;
  /** Account that owns distribution, certificate, firewall and logs. */
  readonly accountId: string;
  /** Record that validates certificates of that account. */
  readonly validationRecord: string;
  /** Names of the balancers in the order in which they are asked. */
  readonly balancers: readonly [string, string];
  /** Header by which every balancer knows the estate's distributions. */
  readonly header: DistributionProps['header'];
  /** Names of the copies of the website's bucket, in the order in which they are asked. Absent: balancers answer all paths. */
  readonly buckets?: readonly [string, string];
  /** A provider for us-east-1. */
  readonly usEast1: AwsProvider;
}

/**
 * All that stands between readers and a region's balancer: a {@link Distribution} with its certificate, its firewall and its log.
 *
 * Certificate, firewall and log delivery are made in us-east-1, because AWS makes those of distributions nowhere else. They
 * work without it: what is lost with us-east-1 is the means to change them.
 *
 * Costs by request and GB, and about $11 a month whatever the use: $10 for the firewall with five rules and $1 for the key of
 * its log (list prices, US East, check). The certificate is free.
 */
export class Website extends Construct {
  /** What the stack's contract promises. */
  readonly values: Readonly<
    Record<
      'distributionId' | 'distributionDomainName' | 'distributionZoneId' | 'webAclArn' | 'accessLogBucketName',
      string
    >
  >;

  constructor(scope: Construct, id: string, props: WebsiteProps) {
    super(scope, id);
    const { environment, regionKey, accountId, usEast1 } = props;
    const { originFailover, logRetentionDays, protection, requestLimit, firewallLogRetentionDays } = environment.edge;
    const name = `${environment.name}-${regionKey}`;
    const certificate = new Certificate(this, 'Certificate', {
      names: certificateNames(environment),
      validationRecord: props.validationRecord,
      provider: usEast1,
    });
    const firewall = new EdgeFirewall(this, 'Firewall', {
      name: `${name}-edge`,
      requestLimit,
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
      balancers: props.balancers,
      api: apiOriginName(environment),
      header: props.header,
      ...(props.buckets ? { buckets: props.buckets } : {}),
    });
    const bucket = new DeliveredLogBucket(this, 'Logs', {
      name: reservedBucketName(environment, 'edge-logs', regionKey),
      accountId,
      retentionDays: logRetentionDays,
      protection,
    });
    new DistributionLog(this, 'AccessLog', { name, distributionArn: distribution.arn, bucket, usEast1 });
    this.values = {
      distributionId: distribution.id,
      distributionDomainName: distribution.domainName,
      distributionZoneId: distribution.hostedZoneId,
      webAclArn: firewall.arn,
      accessLogBucketName: bucket.bucketName,
    };
  }
}
