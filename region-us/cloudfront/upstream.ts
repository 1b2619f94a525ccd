import type { ApplicationContract } from '@platform/libs/app/contract';
import { contract as ap } from '@platform/region-ap/alb-asg-app/contract';
import { contract as us } from '@platform/region-us/alb-asg-app/contract';

/** Load balancers that are origins, by region key. A new region is one more line. */
export const balancers = { us, ap };

/** Those of further applications, by name and region key. `npx platform new service` adds a line. */
export const applications: Readonly<Record<string, Readonly<Record<string, ApplicationContract>>>> = {};
