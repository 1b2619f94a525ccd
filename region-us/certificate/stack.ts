import type { Construct } from 'constructs';
import { contract as zone } from '@platform/global/zone/contract';
import { RegionalCertificate } from '@platform/libs/regional/certificate/stack';
import type { Environment } from '@platform/libs/settings/environment';
import { region } from '../region';
import { contract } from './contract';

/** The certificate of the region's load balancer. */
export class CertificateStack extends RegionalCertificate {
  constructor(scope: Construct, environment: Environment) {
    super(scope, environment, { region, contract, upstream: { zone } });
  }
}
