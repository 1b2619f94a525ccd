import type { Construct } from 'constructs';
import type { Environment } from '@platform/libs/settings/environment';
import { inboundRanges } from '@platform/libs/resolver/inbound-addresses';
import { flowLogBucketName } from '@platform/libs/settings/physical-names';
import { networkOf } from '@platform/libs/settings/region';
import { EstateStack, type RegionalStackProps } from '@platform/libs/stack/estate-stack';
import type { VpcContract } from '@platform/libs/vpc/contract';
import { Vpc } from '@platform/libs/vpc/vpc';

export type RegionalVpcProps = RegionalStackProps<VpcContract>;

/**
 * A VPC of a region in the network account, its subnets shared with the workload account. It has the name of its
 * folder, and the range under that name in `vpcs` of the region's settings. Routes to other networks come from
 * `shared/tgw`.
 */
export class RegionalVpc extends EstateStack {
  constructor(scope: Construct, environment: Environment, props: RegionalVpcProps) {
    super(scope, { environment, account: 'network', ...props });
    const { contract, region } = props;
    const name = contract.project.slice(`region-${region.key}/`.length);
    const cidr = networkOf(region.vpcs[name]!.cidrs, environment);
    const vpc = new Vpc(this, 'Vpc', {
      name: `${environment.name}-${name}`,
      cidr,
      awsRegion: region.awsRegion,
      zones: region.zones,
      natGateways: environment.natGateways,
      // The first VPC has the endpoints of the Resolver.
      reserved:
        environment.onPremises && Object.keys(region.vpcs)[0] === name ? inboundRanges(cidr, region.zones.length) : [],
      onPremises: environment.onPremises?.cidrs ?? [],
      accountId: environment.accounts.network,
      workloadAccountId: environment.accounts.workload,
      gatewayAccess: {
        accounts: Object.values(environment.accounts),
        readableBuckets: environment.privateLink.readableBuckets ?? [],
      },
      flowLogs: environment.flowLogs,
      flowLogBucketName: flowLogBucketName(environment, name, region.key),
    });
    this.publish(contract, {
      vpcId: vpc.id,
      cidr,
      publicSubnetIds: vpc.public.subnetIds,
      appSubnetIds: vpc.app.subnetIds,
      dataSubnetIds: vpc.data.subnetIds,
      transitSubnetIds: vpc.transit.subnetIds,
      publicRouteTableIds: vpc.public.routeTableIds,
      appRouteTableIds: vpc.app.routeTableIds,
      dataRouteTableIds: vpc.data.routeTableIds,
      transitRouteTableIds: vpc.transit.routeTableIds,
      natAddresses: [...vpc.natAddresses],
    });
  }
}
