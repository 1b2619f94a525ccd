import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { advertisedPrefixes } from '@platform/libs/hybrid/advertised-prefixes';
import { BackupVpn } from '@platform/libs/hybrid/backup-vpn';
import { DirectConnectPort } from '@platform/libs/hybrid/direct-connect-port';
import { HubAssociation } from '@platform/libs/hybrid/hub-association';
import { hybridOf } from '@platform/libs/hybrid/hybrid-of';
import { OnPremisesRoutes } from '@platform/libs/hybrid/on-premises-routes';
import { VpnLog } from '@platform/libs/hybrid/vpn-log';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { peeringTable } from '@platform/libs/settings/segments';
import { constructId } from '@platform/libs/settings/construct-id';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { hasStaticOnPremises } from '@platform/libs/tgw/destinations';
import { planRouting } from '@platform/libs/tgw/plan-routing';
import { tgwContract } from '@platform/shared/tgw/contract';
import { directConnectGatewayContract, hybridContract } from './contract';

export interface HybridStackProps {
  readonly environment: Environment;
  readonly region: RegionSettings;
  /** Region of the gateway's state. */
  readonly home: RegionSettings;
  readonly regions: readonly RegionSettings[];
}

/**
 * Joins a region's Transit Gateway with outside networks: Direct Connect connections in the region, the shared gateway,
 * and VPN as a backup.
 */
export class HybridStack extends EstateStack {
  constructor(scope: Construct, { environment, region, home, regions }: HybridStackProps) {
    const contract = hybridContract(region);
    super(scope, { environment, contract, region, account: 'network' });
    const { directConnect, vpn } = hybridOf(environment);
    if (!directConnect && !vpn) {
      this.publish(contract, { vpnAttachmentIds: {}, preSharedKeySecretArns: {} });
      return;
    }

    const { transitGatewayId, routeTableIds, peeringRouteTableId, inspectionAttachmentId } = this.read(
      tgwContract(region, environment),
    );
    const { tables } = planRouting(environment, regions)[region.key]!;
    const join = (scope: Construct, attachmentId: string) =>
      new OnPremisesRoutes(scope, 'Routes', {
        attachmentId,
        tables,
        routeTableId: (table) =>
          table === peeringTable ? peeringRouteTableId : (Fn.lookup(routeTableIds, table) as string),
        ...(hasStaticOnPremises(environment) ? { staticRoutes: { inspectionAttachmentId } } : {}),
      });
    if (directConnect) {
      const { directConnectGatewayId: gatewayId } = this.read(directConnectGatewayContract(home));
      for (const connection of directConnect.connections.filter((connection) => connection.region === region.key)) {
        new DirectConnectPort(this, constructId('port', connection.name), {
          name: `${environment.name}-${connection.name}`,
          connection,
          gatewayId,
          onPremisesAsn: directConnect.onPremisesAsn,
        });
      }
      const allowedPrefixes = advertisedPrefixes(environment, regions, region.key);
      const hub = new HubAssociation(this, 'Hub', { gatewayId, transitGatewayId, allowedPrefixes });
      join(hub, hub.attachmentId);
    }
    const log =
      vpn &&
      new VpnLog(this, 'VpnLog', {
        environmentName: environment.name,
        retentionDays: vpn.logRetentionDays,
        awsRegion: region.awsRegion,
        accountId: this.accountId,
      });
    const vpns = Object.entries(vpn?.customerGateways ?? {}).map(([name, customerGateway]): [string, BackupVpn] => {
      const made = new BackupVpn(this, constructId('vpn', name), {
        name: `${environment.name}-${name}`,
        transitGatewayId,
        customerGateway,
        log: log!,
      });
      join(made, made.attachmentId);
      return [name, made];
    });
    this.publish(contract, {
      vpnAttachmentIds: Object.fromEntries(vpns.map(([name, { attachmentId }]) => [name, attachmentId])),
      preSharedKeySecretArns: Object.fromEntries(
        vpns.map(([name, { preSharedKeySecretArn }]) => [name, preSharedKeySecretArn]),
      ),
    });
  }
}
