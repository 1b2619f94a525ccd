import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import type { Construct } from 'constructs';
import type { Environment } from '@platform/libs/settings/environment';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { region } from '../region';
import { contract } from './contract';

export class VpcStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region, account: 'network' });
    const vpc = new Vpc(this, 'Vpc', { cidrBlock: region.vpcs.vpc.cidrs[environment.name as 'prod'] });
    const subnet = new Subnet(this, 'Public', { vpcId: vpc.id, cidrBlock: '10.0.0.0/24' });
    this.publish(contract, { vpcId: vpc.id, publicSubnetIds: [subnet.id] });
  }
}
