import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53HostedZoneDnssec } from '@cdktf/provider-aws/lib/route53-hosted-zone-dnssec';
import { Route53KeySigningKey } from '@cdktf/provider-aws/lib/route53-key-signing-key';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';

export interface ZoneSigningKeyProps {
  /** Name of the zone: `example.com`. */
  readonly domain: string;
  readonly zoneId: string;
  /** Account that owns the zone and the key. */
  readonly accountId: string;
  /** A provider for us-east-1, the only region for signing keys of Route 53. */
  readonly usEast1: AwsProvider;
}

/**
 * Signs a public zone with DNSSEC. The KMS key must stay usable while the parent zone has its DS record: a zone without
 * its key stops resolving, so remove the DS record first and wait for its TTL.
 *
 * A zone may have up to 2 such keys, as a key rotation needs (Route 53 developer guide, "Quotas").
 */
export class ZoneSigningKey extends Construct {
  /** DS record for the parent zone. */
  readonly delegationSigner: string;

  constructor(scope: Construct, id: string, props: ZoneSigningKeyProps) {
    super(scope, id);
    const { domain, zoneId, accountId, usEast1 } = props;
    const key = new KmsKey(this, 'Key', {
      provider: usEast1,
      description: `Signs the zone ${domain}`,
      customerMasterKeySpec: 'ECC_NIST_P256',
      keyUsage: 'SIGN_VERIFY',
      deletionWindowInDays: 30,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Owner',
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${accountId}:root` },
            Action: 'kms:*',
            Resource: '*',
          },
          {
            Sid: 'Sign',
            Effect: 'Allow',
            Principal: { Service: 'dnssec-route53.amazonaws.com' },
            Action: ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign'],
            Resource: '*',
            Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
          },
          {
            Sid: 'GrantToAwsServices',
            Effect: 'Allow',
            Principal: { Service: 'dnssec-route53.amazonaws.com' },
            Action: 'kms:CreateGrant',
            Resource: '*',
            Condition: {
              StringEquals: { 'aws:SourceAccount': accountId },
              Bool: { 'kms:GrantIsForAWSResource': 'true' },
            },
          },
        ],
      }),
    });
    const label = domain.replaceAll('.', '-');
    new KmsAlias(this, 'KeyAlias', { provider: usEast1, name: `alias/dnssec-${label}`, targetKeyId: key.keyId });
    const signingKey = new Route53KeySigningKey(this, 'KeySigningKey', {
      hostedZoneId: zoneId,
      // Letters, digits and underscores only.
      name: domain.replaceAll(/[^A-Za-z0-9]/g, '_'),
      keyManagementServiceArn: key.arn,
    });
    new Route53HostedZoneDnssec(this, 'Signing', { hostedZoneId: signingKey.hostedZoneId });
    this.delegationSigner = signingKey.dsRecord;
    // Every 4 hours, for signed zones only
    // (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-hosted-zones-with-cloudwatch.html).
    const add = (alarmId: string, metricName: string, description: string) =>
      alarmsOf(this, usEast1).add(alarmId, {
        description,
        metric: {
          namespace: 'AWS/Route53',
          metricName,
          dimensions: { HostedZoneId: zoneId },
          statistic: 'Maximum',
          periodSec: 14_400,
        },
        above: 0,
      });
    add(
      'SigningFails',
      'DNSSECInternalFailure',
      `The zone ${domain} is not signed: resolvers that check will not answer`,
    );
    add(
      'SigningKey',
      'DNSSECKeySigningKeysNeedingAction',
      `A signing key of ${domain} needs you: its KMS key is disabled, or Route 53 may not use it. Without it the zone stops resolving`,
    );
  }
}
