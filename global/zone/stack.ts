import type { Construct } from 'constructs';
import { PublicZone } from '@platform/libs/edge/public-zone';
import type { Environment } from '@platform/libs/settings/environment';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { home } from '../home';
import { contract } from './contract';

/** The environment's public zone, alone in its stack: certificates in the regions need it before there is anything to route to. */
export class ZoneStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region: home, account: 'edge' });
    const { zone, delegationSigner } = new PublicZone(this, 'PublicZone', {
      domain: environment.domain,
      settings: environment.edge.zone,
      accountId: this.accountId,
      usEast1: this.usEast1(),
    });
    this.publish(contract, {
      zoneId: zone.zoneId,
      zoneName: zone.name,
      nameServers: zone.nameServers,
      delegationSigner,
    });
  }
}
