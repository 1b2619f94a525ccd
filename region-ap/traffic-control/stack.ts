import type { Construct } from 'constructs';
import { contract as accelerator } from '@platform/global/ga/contract';
import { contract as records } from '@platform/global/route53/contract';
import { RegionalTrafficControl } from '@platform/libs/regional/traffic-control/stack';
import type { Environment } from '@platform/libs/settings/environment';
import { region } from '../region';
import { contract } from './contract';
import { balancers } from './upstream';

/** The region's part of traffic control. */
export class TrafficControlStack extends RegionalTrafficControl {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, { region, contract, upstream: { accelerator, records, balancers } });
  }
}
