import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Construct } from 'constructs';
import { ValidationRecord } from '@platform/libs/certificate/validation-record';
import { PublicZone } from '@platform/libs/edge/public-zone';
import type { Environment } from '@platform/libs/settings/environment';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { home } from '../home';
import { contract } from './contract';

/**
 * The environment's public zone. It is its own stack, because certificates in the regions need it before there is any
 * traffic.
 */
export class ZoneStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region: home, account: 'edge' });
    const { zone, delegationSigner } = new PublicZone(this, 'PublicZone', {
      domain: environment.domain,
      settings: environment.edge.zone,
      accountId: this.accountId,
      usEast1: this.usEast1(),
    });
    const validates = (certificateAccount: AwsProvider, id: string) =>
      new ValidationRecord(this, id, {
        domain: environment.domain,
        zoneId: zone.zoneId,
        ttlSec: environment.edge.zone.ttlSec,
        certificateAccount,
      }).name;
    // The record belongs to the account: one account in both roles has one record. In us-east-1 like the zone's other
    // parts: a certificate in the home region would be lost when home moves.
    const usEast1 = { key: 'us-east-1', awsRegion: 'us-east-1' };
    const edge = validates(this.usEast1(), 'EdgeCertificates');
    const workload =
      environment.accounts.workload === environment.accounts.edge
        ? edge
        : validates(this.addAliasedProvider(usEast1, 'workload'), 'WorkloadCertificates');
    this.publish(contract, {
      zoneId: zone.zoneId,
      validationRecords: { edge, workload },
      zoneName: zone.name,
      nameServers: zone.nameServers,
      delegationSigner,
    });
  }
}
