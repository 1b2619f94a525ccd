import type { Construct } from 'constructs';
import { contract as data } from '@platform/global/data/contract';
import { contract as zone } from '@platform/global/zone/contract';
import { RegionalDistribution } from '@platform/libs/regional/cloudfront/stack';
import type { Environment } from '@platform/libs/settings/environment';
import { region } from '../region';
import { contract } from './contract';
import { applications, balancers } from './upstream';

/** The region's distribution. */
export class CloudfrontStack extends RegionalDistribution {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, { region, contract, upstream: { zone, data, balancers, applications } });
  }
}
