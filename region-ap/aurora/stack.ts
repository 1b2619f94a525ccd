import type { Construct } from 'constructs';
import { RegionalDatabase } from '@platform/libs/regional/aurora/stack';
import type { Environment } from '@platform/libs/settings/environment';
import { contract as data } from '../data/contract';
import { region } from '../region';
import { contract as vpc } from '../vpc/contract';
import { contract } from './contract';

/** The region's member of the database. */
export class DatabaseStack extends RegionalDatabase {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, { region, contract, upstream: { vpc, data } });
  }
}
