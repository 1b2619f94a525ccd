import type { Construct } from 'constructs';
import type { Environment } from '@platform/libs/settings/environment';
import { networkOf } from '@platform/libs/settings/region';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { Vpc } from '@platform/libs/vpc/vpc';
import { region } from '../region';
import { contract } from './contract';

/** The region's VPC in the network account, its subnets shared with the workload account. Routes to other networks come from `shared/tgw`. */
export class VpcStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region, account: 'network' });
    const cidr = networkOf(region.vpcs.vpc.cidrs, environment);
    const vpc = new Vpc(this, 'Vpc', {
      name: `${environment.name}-vpc`,
      cidr,
      awsRegion: region.awsRegion,
      zones: region.zones,
      natGateways: environment.natGateways,
      onPremises: environment.onPremises?.cidrs ?? [],
      accountId: environment.accounts.network,
      workloadAccountId: environment.accounts.workload,
      flowLogRetentionDays: environment.flowLogRetentionDays,
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
