import { defineContract, list, map, text } from '@platform/libs/contract/contract';
import type { RegionSettings } from '@platform/libs/settings/region';

/** Outputs of a region's DNS. */
export function resolverContract(region: Pick<RegionSettings, 'key' | 'awsRegion'>) {
  return defineContract({
    stack: `shared-resolver-${region.key}`,
    project: 'shared/resolver',
    stateRegion: region,
    fields: {
      inboundAddresses: list('Addresses that servers outside AWS forward to; empty when there are none', [
        '10.255.16.10',
        '10.255.32.10',
      ]),
      outboundEndpointId: text(
        'Endpoint that asks servers outside AWS; empty when there are none',
        'rslvr-out-0eeeeeeeeeeeeeeee',
      ),
      ruleIds: map('Forward rule per domain', { 'corp.example.com': 'rslvr-rr-0eeeeeeeeeeeeeeee' }),
      queryLogGroupName: text('CloudWatch log group of the queries', '/aws/route53resolver/example'),
    },
  });
}
