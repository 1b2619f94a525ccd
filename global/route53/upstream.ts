import type { ApplicationContract } from '@platform/libs/app/contract';
import { contract as apBalancer } from '@platform/region-ap/alb-asg-app/contract';
import { contract as apDistribution } from '@platform/region-ap/cloudfront/contract';
import { contract as usBalancer } from '@platform/region-us/alb-asg-app/contract';
import { contract as usDistribution } from '@platform/region-us/cloudfront/contract';

/** Targets of the records, by region key. A new region is one more line in each. */
export const balancers = { us: usBalancer, ap: apBalancer };
export const distributions = { us: usDistribution, ap: apDistribution };

/** Those of further applications, by name and region key. `npx platform new service` adds a line. */
export const applications: Readonly<Record<string, Readonly<Record<string, ApplicationContract>>>> = {};
