import { contract as ap } from '@platform/region-ap/vpc/contract';
import { contract as us } from '@platform/region-us/vpc/contract';

/** VPCs whose public subnets stay reachable, by region key. A new region is one more line. */
export const vpcs = { us, ap };
