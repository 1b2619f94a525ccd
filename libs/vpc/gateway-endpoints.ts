import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { Construct } from 'constructs';
import { planGatewayPolicy, type GatewayAccess } from './plan-gateway-policy';
import type { SubnetTier } from './subnet-tier';

export interface GatewayEndpointsProps {
  /** Prefix of all names: `prod-vpc`. */
  readonly name: string;
  readonly vpcId: string;
  readonly awsRegion: string;
  /** Tiers whose route tables get the endpoints. */
  readonly tiers: readonly SubnetTier[];
  readonly access: GatewayAccess;
}

/**
 * S3 and DynamoDB by a route instead of NAT; for data subnets it is the only egress. Their policy keeps credentials and
 * data inside the environment's accounts. A region has up to 20 such endpoints (VPC user guide, "Amazon VPC quotas").
 */
export class GatewayEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: GatewayEndpointsProps) {
    super(scope, id);
    const { name, vpcId, awsRegion, tiers, access } = props;
    for (const [childId, service] of [
      ['S3', 's3'],
      ['DynamoDb', 'dynamodb'],
    ] as const) {
      new VpcEndpoint(this, childId, {
        vpcId,
        vpcEndpointType: 'Gateway',
        serviceName: `com.amazonaws.${awsRegion}.${service}`,
        routeTableIds: tiers.flatMap((tier) => tier.routeTableIds),
        policy: JSON.stringify(planGatewayPolicy(service, awsRegion, access)),
        tags: { Name: `${name}-${service}` },
      });
    }
  }
}
