import { contract as apBalancer } from '@platform/region-ap/alb-asg-app/contract';
import { contract as apDatabase } from '@platform/region-ap/aurora/contract';
import { contract as apCache } from '@platform/region-ap/cache/contract';
import { contract as apVpc } from '@platform/region-ap/vpc/contract';
import { contract as usBalancer } from '@platform/region-us/alb-asg-app/contract';
import { contract as usDatabase } from '@platform/region-us/aurora/contract';
import { contract as usCache } from '@platform/region-us/cache/contract';
import { contract as usVpc } from '@platform/region-us/vpc/contract';

/** What the names lead to, by region key. A new region is one more entry in each. */
export const balancers = { us: usBalancer, ap: apBalancer };
export const databases = { us: usDatabase, ap: apDatabase };
export const caches = { us: usCache, ap: apCache };

/** VPCs that resolve the names, by region key and name. A new VPC is one more entry. */
export const vpcs = { us: { vpc: usVpc }, ap: { vpc: apVpc } };
