import { defineContract, map, text } from '@platform/libs/contract/contract';
import type { RegionSettings } from '@platform/libs/settings/region';

/** Outputs of a region's endpoints. */
export function privateLinkContract(region: Pick<RegionSettings, 'key' | 'awsRegion'>) {
  return defineContract({
    stack: `shared-privatelink-${region.key}`,
    project: 'shared/privatelink',
    stateRegion: region,
    fields: {
      endpointIds: map('Endpoint per service of AWS', { ssm: 'vpce-0eeeeeeeeeeeeeeee' }),
      partnerDnsNames: map("DNS name of the endpoint per partner's service", {}),
      offeredServiceName: text('Name of the endpoint service that others enter; empty when nothing is offered', ''),
    },
  });
}
