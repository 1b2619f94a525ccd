import { defineContract, map, text } from '@platform/libs/contract/contract';
import { home } from '../home';

export const contract = defineContract({
  stack: 'global-internal',
  project: 'global/internal',
  stateRegion: home,
  fields: {
    zoneId: text('Id of the private hosted zone', 'Z0EEEEEEEEEEEEEEEEEE'),
    zoneName: text('Name of the zone: on-premises DNS forwards it to the inbound endpoints', 'internal.example.com'),
    names: map('By purpose: the names in the zone', { database: 'database.internal.example.com' }),
  },
});
