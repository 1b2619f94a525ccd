import type { Construct } from 'constructs';
import { RegionalCache } from '@platform/libs/regional/cache/stack';
import type { Environment } from '@platform/libs/settings/environment';
import { region } from '../region';
import { contract as vpc } from '../vpc/contract';
import { contract } from './contract';

/** The region's cache. */
export class CacheStack extends RegionalCache {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, { region, contract, upstream: { vpc } });
  }
}
