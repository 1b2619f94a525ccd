import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';

/** A statement of a key policy. */
export interface KeyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: { readonly Service: string };
  readonly Action: readonly string[];
  readonly Resource: '*';
  readonly Condition: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface EncryptionKeyProps {
  /** Also the alias: `alias/<name>`. */
  readonly name: string;
  /** What the key encrypts, shown in KMS. */
  readonly description: string;
  /** Account that owns the key; its IAM policies decide who uses it. */
  readonly accountId: string;
  /** AWS services that use the key as themselves. Default: none. */
  readonly statements?: readonly KeyStatement[];
  /** Provider of the key's region. Default: the stack's. */
  readonly provider?: AwsProvider;
}

/**
 * A symmetric KMS key of one region, rotated every year, with an alias. Single-region on purpose: a region must be able
 * to decrypt alone, and AWS re-encrypts what it replicates.
 *
 * An account has up to 100,000 keys in a region (KMS developer guide, "Resource quotas").
 */
export class EncryptionKey extends Construct {
  readonly key: KmsKey;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    const provider = props.provider ? { provider: props.provider } : {};
    this.key = new KmsKey(this, 'Key', {
      ...provider,
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Owner',
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${props.accountId}:root` },
            Action: 'kms:*',
            Resource: '*',
          },
          ...(props.statements ?? []),
        ],
      }),
    });
    new KmsAlias(this, 'Alias', { ...provider, name: `alias/${props.name}`, targetKeyId: this.key.keyId });
  }

  get arn(): string {
    return this.key.arn;
  }
}

/** Allows CloudWatch Logs to encrypt log groups of one region whose names begin with `prefix`. */
export function logGroupStatement(accountId: string, awsRegion: string, prefix: string): KeyStatement {
  return {
    Sid: 'LogGroups',
    Effect: 'Allow',
    Principal: { Service: `logs.${awsRegion}.amazonaws.com` },
    Action: ['kms:Encrypt*', 'kms:Decrypt*', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:Describe*'],
    Resource: '*',
    Condition: {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${awsRegion}:${accountId}:log-group:${prefix}*` },
    },
  };
}

/** Allows the alarms of one account to publish to topics that the key protects. */
export function alarmStatement(accountId: string): KeyStatement {
  return {
    Sid: 'Alarms',
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
  };
}

/** Allows the distributions of another account to read data that the key protects. */
export function distributionStatement(distributionAccountId: string): KeyStatement {
  return {
    Sid: 'Distributions',
    Effect: 'Allow',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action: ['kms:Decrypt'],
    Resource: '*',
    Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:cloudfront::${distributionAccountId}:distribution/*` } },
  };
}
