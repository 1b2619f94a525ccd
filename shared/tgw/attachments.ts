import type { AttachedVpc } from '@platform/libs/tgw/attached-vpc';
import { contract as apVpc } from '@platform/region-ap/vpc/contract';
import { contract as usVpc } from '@platform/region-us/vpc/contract';

/**
 * Our VPCs that are attached to their region's Transit Gateway. A new VPC is one more line here: its segment and range
 * come from its region's settings, and all routes follow from the segments.
 */
export const attachedVpcs: readonly AttachedVpc[] = [
  { region: 'us', name: 'vpc', contract: usVpc },
  { region: 'ap', name: 'vpc', contract: apVpc },
];
