import { contract as apApplication } from '@platform/region-ap/alb-asg-app/contract';
import { contract as ap } from '@platform/region-ap/vpc/contract';
import { contract as usApplication } from '@platform/region-us/alb-asg-app/contract';
import { contract as us } from '@platform/region-us/vpc/contract';

/** VPCs of the endpoints, by region key. A new region is one more entry here and below. */
export const vpcs = { us, ap };

/** Applications whose network load balancers can be offered, by region key. */
export const applications = { us: usApplication, ap: apApplication };
