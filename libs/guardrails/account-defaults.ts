import { EbsEncryptionByDefault } from '@cdktf/provider-aws/lib/ebs-encryption-by-default';
import { Ec2InstanceMetadataDefaults } from '@cdktf/provider-aws/lib/ec2-instance-metadata-defaults';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3AccountPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-account-public-access-block';
import { Construct } from 'constructs';

export interface AccountDefaultsProps {
  /** A provider of the account for each region, by region key. The first also makes what the account has once. */
  readonly providers: Readonly<Record<string, AwsProvider>>;
}

/**
 * Settings of one account. Once: no bucket and no object can be public (S3 user guide, "Blocking public access to your
 * Amazon S3 storage"). In each region: new volumes are encrypted with AWS's key for EBS, also those that AWS makes for
 * instances, and new instances answer metadata requests by IMDSv2 only. What exists already stays as it is.
 */
export class AccountDefaults extends Construct {
  constructor(scope: Construct, id: string, { providers }: AccountDefaultsProps) {
    super(scope, id);
    const [first] = Object.values(providers);
    new S3AccountPublicAccessBlock(this, 'Buckets', {
      provider: first!,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    for (const [key, provider] of Object.entries(providers)) {
      new EbsEncryptionByDefault(this, `Volumes-${key}`, { provider, enabled: true });
      new Ec2InstanceMetadataDefaults(this, `Metadata-${key}`, { provider, httpTokens: 'required' });
    }
  }
}
