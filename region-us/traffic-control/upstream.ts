import { contract as ap } from '@platform/region-ap/alb-asg-app/contract';
import { contract as us } from '@platform/region-us/alb-asg-app/contract';

/** Load balancers of all regions, by region key. A new region is one more line. */
export const balancers = { us, ap };
