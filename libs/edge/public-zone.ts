import { CloudwatchLogResourcePolicy } from '@cdktf/provider-aws/lib/cloudwatch-log-resource-policy';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53QueryLog } from '@cdktf/provider-aws/lib/route53-query-log';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Route53Zone } from '@cdktf/provider-aws/lib/route53-zone';
import { Construct } from 'constructs';
import type { ZoneSettings } from '@platform/libs/settings/edge';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import { waive } from '@platform/libs/stack/waive';
import { ZoneSigningKey } from './zone-signing-key';

export interface PublicZoneProps {
  /** Name of the zone: `example.com`. */
  readonly domain: string;
  readonly settings: ZoneSettings;
  /** Account that owns the zone, its log and its key. */
  readonly accountId: string;
  /** A provider for us-east-1, the only region for query logs and signing keys. */
  readonly usEast1: AwsProvider;
}

/**
 * A public hosted zone: allowed certificate authorities (CAA), a log of every query, and DNSSEC if the settings ask for
 * it.
 *
 * Not included: accelerated recovery, which makes changes to the zone possible within 60 minutes of a loss of
 * us-east-1. The AWS provider 5.100 has no argument for it; `global/zone/README.md` has the command.
 *
 * A zone has up to 10,000 records (Route 53 developer guide, "Quotas").
 */
export class PublicZone extends Construct {
  readonly zone: Route53Zone;
  /** DS record for the parent zone; empty while the zone is unsigned. */
  readonly delegationSigner: string;

  constructor(scope: Construct, id: string, props: PublicZoneProps) {
    super(scope, id);
    const { domain, settings, accountId, usEast1 } = props;

    this.zone = new Route53Zone(this, 'Zone', {
      name: domain,
      comment: 'Records are made by Terraform only',
      forceDestroy: false,
    });
    if (settings.signing === 'unsigned') {
      waive(this.zone, {
        CKV2_AWS_38: 'DNSSEC is off in the settings: signing needs a record in the parent zone first',
      });
    }

    new Route53Record(this, 'CertificateAuthorities', {
      zoneId: this.zone.zoneId,
      name: domain,
      type: 'CAA',
      ttl: settings.ttlSec,
      records: settings.certificateAuthorities.map((authority) => `0 issue "${authority}"`),
    });

    // Route 53 requires that its service may write to this prefix, and checks it when the query log is created.
    const logGroupName = `/aws/route53/${domain}`;
    const logGroup = new EncryptedLogGroup(this, 'QueryLogGroup', {
      name: logGroupName,
      retentionDays: settings.queryLogRetentionDays,
      awsRegion: 'us-east-1',
      accountId,
      provider: usEast1,
    });
    const writer = new CloudwatchLogResourcePolicy(this, 'QueryLogWriter', {
      provider: usEast1,
      policyName: `route53-query-log-${domain}`,
      policyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'route53.amazonaws.com' },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: `arn:aws:logs:us-east-1:${accountId}:log-group:${logGroupName}:*`,
            Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
          },
        ],
      }),
    });
    new Route53QueryLog(this, 'QueryLog', {
      zoneId: this.zone.zoneId,
      cloudwatchLogGroupArn: logGroup.arn,
      dependsOn: [writer],
    });

    this.delegationSigner =
      settings.signing === 'signed'
        ? new ZoneSigningKey(this, 'SigningKey', { domain, zoneId: this.zone.zoneId, accountId, usEast1 })
            .delegationSigner
        : '';
  }
}
