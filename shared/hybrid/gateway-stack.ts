import { DxGateway } from '@cdktf/provider-aws/lib/dx-gateway';
import type { Construct } from 'constructs';
import { hybridOf } from '@platform/libs/hybrid/hybrid-of';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { directConnectGatewayContract } from './contract';

/** The Direct Connect gateway that all regions share. It belongs to no region. */
export class DirectConnectGatewayStack extends EstateStack {
  constructor(scope: Construct, environment: Environment, home: RegionSettings) {
    const contract = directConnectGatewayContract(home);
    super(scope, { environment, contract, region: home, account: 'network' });
    const { directConnect } = hybridOf(environment);
    const gateway =
      directConnect &&
      new DxGateway(this, 'Gateway', { name: environment.name, amazonSideAsn: String(directConnect.awsAsn) });
    this.publish(contract, { directConnectGatewayId: gateway?.id ?? '' });
  }
}
