import type { Construct } from 'constructs';
import { contract as global } from '@platform/global/data/contract';
import { RegionalData } from '@platform/libs/regional/data/stack';
import type { Environment } from '@platform/libs/settings/environment';
import { region } from '../region';
import { contract } from './contract';

/** The region's part of the global stores. */
export class DataStack extends RegionalData {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, { region, contract, upstream: { global } });
  }
}
