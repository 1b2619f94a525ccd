import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import type { SubnetTier } from './subnet-tier';

export interface GatewayEndpointsProps {
  /** Prefix of all names: `prod-vpc`. */
  readonly name: string;
  readonly vpcId: string;
  readonly awsRegion: string;
  /** Tiers whose route tables get the endpoints. */
  readonly tiers: readonly SubnetTier[];
}

/**
 * S3 and DynamoDB by a route instead of NAT; for data subnets it is the only egress. The endpoint policy allows
 * everything, because packages and container layers come from buckets of others; roles and bucket policies restrict
 * access. A region has up to 20 such endpoints (VPC user guide, "Amazon VPC quotas").
 */
export class GatewayEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: GatewayEndpointsProps) {
    super(scope, id);
    const { name, vpcId, awsRegion, tiers } = props;
    for (const [childId, service] of [
      ['S3', 's3'],
      ['DynamoDb', 'dynamodb'],
    ] as const) {
      new VpcEndpoint(this, childId, {
        vpcId,
        vpcEndpointType: 'Gateway',
        serviceName: `com.amazonaws.${awsRegion}.${service}`,
        routeTableIds: tiers.flatMap((tier) => tier.routeTableIds),
        tags: { Name: `${name}-${service}` },
      });
    }
  }
}
