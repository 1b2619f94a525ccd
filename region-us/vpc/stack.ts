import type { Construct } from 'constructs';
import { RegionalVpc } from '@platform/libs/regional/vpc/stack';
import type { Environment } from '@platform/libs/settings/environment';
import { region } from '../region';
import { contract } from './contract';

/** The VPC of the region. */
export class VpcStack extends RegionalVpc {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, { region, contract });
  }
}
