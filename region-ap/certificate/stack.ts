import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { contract as zoneContract } from '@platform/global/zone/contract';
import { Certificate } from '@platform/libs/certificate/certificate';
import { certificateNames } from '@platform/libs/edge/names';
import type { Environment } from '@platform/libs/settings/environment';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { region } from '../region';
import { contract } from './contract';

/**
 * The certificate of the region's load balancer. A stack of its own, because it reads the zone's state, which lives in
 * the home region: the application's stack must stay deployable while the home region is gone, and reads only this one.
 */
export class CertificateStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region, account: 'workload' });
    const zone = this.read(zoneContract);
    const { arn } = new Certificate(this, 'Certificate', {
      names: certificateNames(environment),
      validationRecord: Fn.lookup(zone.validationRecords, 'workload'),
    });
    this.publish(contract, { certificateArn: arn });
  }
}
