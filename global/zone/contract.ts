import { defineContract, list, map, text } from '@platform/libs/contract/contract';
import { home } from '../home';

export const contract = defineContract({
  stack: 'global-zone',
  project: 'global/zone',
  stateRegion: home,
  fields: {
    zoneId: text('Id of the public hosted zone', 'Z0EXAMPLE0EXAMPLE0E'),
    zoneName: text('Name of the zone: the domain of the environment', 'example.com'),
    nameServers: list('Name servers to enter at the registrar or in the parent zone', [
      'ns-1.awsdns-00.com',
      'ns-2.awsdns-00.net',
      'ns-3.awsdns-00.org',
      'ns-4.awsdns-00.co.uk',
    ]),
    validationRecords: map(
      'Name of the record that validates certificates for the domain, by role of the account that has them: edge, workload',
      { edge: '_0eee.example.com', workload: '_0eef.example.com' },
    ),
    delegationSigner: text(
      'DS record to enter at the registrar or in the parent zone; empty while the zone is unsigned',
      '',
    ),
  },
});
