import type { AttachedVpc } from '@platform/libs/tgw/attached-vpc';
import { contract as apVpc } from '@platform/region-ap/vpc/contract';
import { contract as usVpc } from '@platform/region-us/vpc/contract';

/**
 * Every VPC of ours that is attached to the hub of its region. A new VPC is one more line here: its segment and range come
 * from its region's settings, and all routes follow from who reaches whom.
 */
export const attachedVpcs: readonly AttachedVpc[] = [
  { region: 'us', name: 'vpc', contract: usVpc },
  { region: 'ap', name: 'vpc', contract: apVpc },
];
