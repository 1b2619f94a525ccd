import { CloudwatchLogDelivery } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery';
import { CloudwatchLogDeliveryDestination } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery-destination';
import { CloudwatchLogDeliverySource } from '@cdktf/provider-aws/lib/cloudwatch-log-delivery-source';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { accessLogFields, accessLogPath } from './access-log';
import type { DeliveredLogBucket } from '@platform/libs/data/delivered-log-bucket';

export interface DistributionLogProps {
  /** Unique in the account: `prod-us`. At most 60 characters including its suffixes. */
  readonly name: string;
  readonly distributionArn: string;
  readonly bucket: DeliveredLogBucket;
  /** A provider for us-east-1, the only region that delivers logs of distributions. The bucket may be in any region. */
  readonly usEast1: AwsProvider;
}

/**
 * Access logs of a distribution, delivered to a bucket: tab-separated, a folder per hour, the fields of
 * {@link accessLogFields}. The bucket needs no ACLs, unlike with legacy logging. Delivery usually takes less than an
 * hour, and up to 24 hours (CloudFront developer guide, "Standard logging reference").
 */
export class DistributionLog extends Construct {
  constructor(scope: Construct, id: string, { name, distributionArn, bucket, usEast1 }: DistributionLogProps) {
    super(scope, id);
    const source = new CloudwatchLogDeliverySource(this, 'Source', {
      provider: usEast1,
      name: `${name}-distribution`,
      logType: 'ACCESS_LOGS',
      resourceArn: distributionArn,
    });
    const destination = new CloudwatchLogDeliveryDestination(this, 'Destination', {
      provider: usEast1,
      name: `${name}-bucket`,
      outputFormat: 'w3c',
      deliveryDestinationConfiguration: [{ destinationResourceArn: bucket.arn }],
      dependsOn: [bucket.ready],
    });
    new CloudwatchLogDelivery(this, 'Delivery', {
      provider: usEast1,
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.arn,
      fieldDelimiter: '\t',
      recordFields: [...accessLogFields],
      s3DeliveryConfiguration: [{ enableHiveCompatiblePath: false, suffixPath: accessLogPath }],
    });
  }
}
