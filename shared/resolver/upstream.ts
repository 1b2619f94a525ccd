import { contract as ap } from '@platform/region-ap/vpc/contract';
import { contract as us } from '@platform/region-us/vpc/contract';

/**
 * VPCs that resolve names by these rules, by region key and name. The first of a region holds its endpoints. A new VPC is
 * one more entry; that of inspection is added by the level.
 */
export const vpcs = { us: { vpc: us }, ap: { vpc: ap } };
