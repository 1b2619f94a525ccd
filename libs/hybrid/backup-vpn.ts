import { CustomerGateway } from '@cdktf/provider-aws/lib/customer-gateway';
import { VpnConnection } from '@cdktf/provider-aws/lib/vpn-connection';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import type { CustomerGatewaySettings } from '@platform/libs/settings/hybrid';
import type { VpnLog } from './vpn-log';

export interface BackupVpnProps {
  /** Name of customer gateway and connection: `prod-headquarters`. */
  readonly name: string;
  readonly transitGatewayId: string;
  readonly customerGateway: CustomerGatewaySettings;
  readonly log: Pick<VpnLog, 'groupArn' | 'ready'>;
}

/** The largest ASN that EC2 accepts in its 16-bit field. */
const largestPlainAsn = 2147483647;

/**
 * A Site-to-Site VPN between the Transit Gateway and a customer gateway: two tunnels in two zones, with BGP. For the
 * same network the Transit Gateway prefers Direct Connect, so the VPN carries traffic only without it (Transit Gateway
 * guide, route evaluation order).
 *
 * AWS generates the tunnels' pre-shared keys and keeps them in its own secret. Its API answers `REDACTED`, which is in
 * the state.
 *
 * Both tunnels log. Tunnel endpoint lifecycle control is on: AWS announces the replacement of an endpoint, and you choose
 * when it happens until the date that AWS gives (Site-to-Site VPN user guide, "Tunnel endpoint lifecycle control":
 * https://docs.aws.amazon.com/vpn/latest/s2svpn/tunnel-endpoint-lifecycle.html).
 *
 * A tunnel carries up to 1.25 Gbps (Site-to-Site VPN user guide, "Site-to-Site VPN quotas"). SLA 99.95 %.
 */
export class BackupVpn extends Construct {
  readonly attachmentId: string;
  readonly preSharedKeySecretArn: string;

  constructor(scope: Construct, id: string, props: BackupVpnProps) {
    super(scope, id);
    const { name, transitGatewayId, log } = props;
    const { address, asn } = props.customerGateway;
    const device = new CustomerGateway(this, 'CustomerGateway', {
      type: 'ipsec.1',
      ipAddress: address,
      ...(asn > largestPlainAsn ? { bgpAsnExtended: String(asn) } : { bgpAsn: String(asn) }),
      tags: { Name: name },
      // The connection moves to the new customer gateway before the old one is destroyed.
      lifecycle: { createBeforeDestroy: true },
    });
    const logOptions = {
      cloudwatchLogOptions: { logEnabled: true, logGroupArn: log.groupArn, logOutputFormat: 'json' },
    };
    const connection = new VpnConnection(this, 'Connection', {
      type: 'ipsec.1',
      customerGatewayId: device.id,
      transitGatewayId,
      staticRoutesOnly: false,
      presharedKeyStorage: 'SecretsManager',
      tunnel1IkeVersions: ['ikev2'],
      tunnel1Phase1DhGroupNumbers: [19, 20, 21],
      tunnel1Phase1EncryptionAlgorithms: ['AES256-GCM-16'],
      tunnel1Phase1IntegrityAlgorithms: ['SHA2-384', 'SHA2-512'],
      tunnel1Phase2DhGroupNumbers: [19, 20, 21],
      tunnel1Phase2EncryptionAlgorithms: ['AES256-GCM-16'],
      tunnel1Phase2IntegrityAlgorithms: ['SHA2-384', 'SHA2-512'],
      tunnel1EnableTunnelLifecycleControl: true,
      tunnel1LogOptions: logOptions,
      tunnel2IkeVersions: ['ikev2'],
      tunnel2Phase1DhGroupNumbers: [19, 20, 21],
      tunnel2Phase1EncryptionAlgorithms: ['AES256-GCM-16'],
      tunnel2Phase1IntegrityAlgorithms: ['SHA2-384', 'SHA2-512'],
      tunnel2Phase2DhGroupNumbers: [19, 20, 21],
      tunnel2Phase2EncryptionAlgorithms: ['AES256-GCM-16'],
      tunnel2Phase2IntegrityAlgorithms: ['SHA2-384', 'SHA2-512'],
      tunnel2EnableTunnelLifecycleControl: true,
      tunnel2LogOptions: logOptions,
      tags: { Name: name },
      dependsOn: [log.ready],
    });
    this.attachmentId = connection.transitGatewayAttachmentId;
    this.preSharedKeySecretArn = connection.presharedKeyArn;
    this.watch(name, connection.id);
  }

  /**
   * The state of a connection is the mean of its tunnels: 1, 0.5 or 0
   * (https://docs.aws.amazon.com/vpn/latest/s2svpn/monitoring-cloudwatch-vpn.html). AWS replaces one tunnel's endpoint at a
   * time, which takes minutes.
   */
  private watch(name: string, vpnId: string): void {
    const alarms = alarmsOf(this);
    const add = (id: string, statistic: string, below: number, description: string) =>
      alarms.add(`${this.node.id}${id}`, {
        description,
        metric: {
          namespace: 'AWS/VPN',
          metricName: 'TunnelState',
          dimensions: { VpnId: vpnId },
          statistic,
          periodSec: 300,
        },
        below,
        periods: 3,
        missing: 'breaching',
      });
    add('TunnelDown', 'Minimum', 1, `A tunnel of the VPN ${name} is down: see the log of the tunnels`);
    add(
      'Down',
      'Maximum',
      0.5,
      `Both tunnels of the VPN ${name} are down: without Direct Connect, its network is cut off`,
    );
  }
}
