import { Fn } from 'cdktf';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Construct } from 'constructs';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { Peering, type PeeringEnd } from '@platform/libs/tgw/peering';
import { planRouting } from '@platform/libs/tgw/plan-routing';
import { tgwContract, tgwLinkContract } from './contract';

export interface TgwLinkStackProps {
  readonly environment: Environment;
  /** Requests the peering, and keeps the state. */
  readonly first: RegionSettings;
  /** Accepts it. */
  readonly second: RegionSettings;
  readonly regions: readonly RegionSettings[];
}

/**
 * Peers the Transit Gateways of two regions. Only link stacks have a provider for each of two regions. No stack of
 * either region reads it, so it is not needed while one of them is lost.
 */
export class TgwLinkStack extends EstateStack {
  constructor(scope: Construct, { environment, first, second, regions }: TgwLinkStackProps) {
    const contract = tgwLinkContract(first, second);
    super(scope, { environment, contract, region: first, account: 'network' });
    const plan = planRouting(environment, regions);

    const end = (region: RegionSettings, provider: AwsProvider): PeeringEnd => {
      const hub = this.read(tgwContract(region, environment));
      return {
        region: region.key,
        awsRegion: region.awsRegion,
        provider,
        transitGatewayId: hub.transitGatewayId,
        peeringRouteTableId: hub.peeringRouteTableId,
        routeTableId: (table) => Fn.lookup(hub.routeTableIds, table) as string,
        routing: plan[region.key]!,
        inspectionAttachmentId: hub.inspectionAttachmentId,
      };
    };
    const { attachmentId } = new Peering(this, 'Peering', {
      name: `${environment.name}-hub-${first.key}-${second.key}`,
      accountId: this.accountId,
      requester: end(first, this.provider),
      accepter: end(second, this.addAliasedProvider(second)),
    });
    this.publish(contract, { peeringAttachmentId: attachmentId });
  }
}
