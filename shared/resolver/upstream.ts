import { contract as ap } from '@platform/region-ap/vpc/contract';
import { contract as us } from '@platform/region-us/vpc/contract';

/**
 * VPCs that use these rules, by region key and name. The first of a region has its endpoints. A new VPC is one more
 * entry; the level adds that of inspection.
 */
export const vpcs = { us: { vpc: us }, ap: { vpc: ap } };
