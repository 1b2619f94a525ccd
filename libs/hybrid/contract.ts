import { defineContract, map, text } from '@platform/libs/contract/contract';
import type { RegionSettings } from '@platform/libs/settings/region';

type Place = Pick<RegionSettings, 'key' | 'awsRegion'>;

/** The Direct Connect gateway belongs to no region. Its state is in the home region. */
export function directConnectGatewayContract(home: Place) {
  return defineContract({
    stack: 'shared-hybrid',
    project: 'shared/hybrid',
    stateRegion: home,
    fields: {
      directConnectGatewayId: text(
        'Id of the Direct Connect gateway; empty when there is none',
        '00000000-0000-4000-8000-000000000000',
      ),
    },
  });
}

/** Outputs of a region's connections. */
export function hybridContract(region: Place) {
  return defineContract({
    stack: `shared-hybrid-${region.key}`,
    project: 'shared/hybrid',
    stateRegion: region,
    fields: {
      vpnAttachmentIds: map("Attachment of each VPN to the hub, by its customer gateway's name", {}),
      preSharedKeySecretArns: map("Secret with the tunnels' keys, by the customer gateway's name", {}),
    },
  });
}
