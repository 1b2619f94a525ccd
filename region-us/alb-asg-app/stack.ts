import type { Construct } from 'constructs';
import { RegionalApplication } from '@platform/libs/regional/alb-asg-app/stack';
import type { Environment } from '@platform/libs/settings/environment';
import { contract as database } from '../aurora/contract';
import { contract as cache } from '../cache/contract';
import { contract as certificate } from '../certificate/contract';
import { contract as data } from '../data/contract';
import { region } from '../region';
import { contract as vpc } from '../vpc/contract';
import { contract } from './contract';

/** The application of the region. */
export class ApplicationStack extends RegionalApplication {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, { region, contract, upstream: { vpc, certificate, data, database, cache } });
  }
}
