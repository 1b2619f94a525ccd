import { defineContract, list, map, text } from '@platform/libs/contract/contract';
import { regions } from '@platform/shared/regions';
import { home } from '../home';

const arn = 'arn:aws:globalaccelerator::333333333333:accelerator/00000000-0000-4000-8000-000000000000';

/** Below level `accelerated` every value except the planned dials is empty. */
export const contract = defineContract({
  stack: 'global-ga',
  project: 'global/ga',
  stateRegion: home,
  fields: {
    acceleratorArn: text('ARN of the accelerator', arn),
    dnsName: text('DNS name of the accelerator', 'a0123456789abcdef.awsglobalaccelerator.com'),
    hostedZoneId: text('Zone of that name, for alias records', 'Z2BJ6XQ5FK7U4H'),
    applicationDnsNames: map('By further application: DNS name of its accelerator, in the same zone', {
      shop: 'a1123456789abcdef.awsglobalaccelerator.com',
    }),
    addresses: list("The accelerator's fixed addresses, for allow lists of others", ['192.0.2.1', '198.51.100.1']),
    endpointGroupArns: map(
      'By region: endpoint group, whose dial failovers turn',
      Object.fromEntries(regions.map(({ key }) => [key, `${arn}/listener/0eeeeeee/endpoint-group/0eeeeeeeee${key}`])),
    ),
    plannedDials: map(
      'By region: dial in percent while all is well; Terraform sets it when the group is made and never again',
      Object.fromEntries(regions.map(({ key }) => [key, '100'])),
    ),
  },
});
