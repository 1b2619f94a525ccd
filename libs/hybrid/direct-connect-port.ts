import { CloudformationStack } from '@cdktf/provider-aws/lib/cloudformation-stack';
import { DxConnection } from '@cdktf/provider-aws/lib/dx-connection';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import type { DirectConnectConnection } from '@platform/libs/settings/hybrid';
import { waive } from '@platform/libs/stack/waive';

export interface DirectConnectPortProps {
  /** Name of connection and interface: `prod-first`. */
  readonly name: string;
  readonly connection: DirectConnectConnection;
  readonly gatewayId: string;
  /** ASN number of the on-premises routers. */
  readonly onPremisesAsn: number;
}

/**
 * A port at a Direct Connect location and, once it is cabled, its transit virtual interface.
 *
 * A CloudFormation stack creates the interface: Terraform's resource takes the BGP key as an argument and reads it
 * back, so the key would be in the state. CloudFormation fetches it from Secrets Manager; state, plan and template hold
 * the secret's ARN. To change the key, use another secret: CloudFormation reads it again only if the ARN changes.
 *
 * A port has up to 4 transit interfaces. A BGP session accepts up to 100 routes of each IP version, and goes down with
 * one more (Direct Connect user guide, "AWS Direct Connect quotas").
 */
export class DirectConnectPort extends Construct {
  constructor(scope: Construct, id: string, props: DirectConnectPortProps) {
    super(scope, id);
    const { name, connection, gatewayId, onPremisesAsn } = props;
    const { id: connectionId } = new DxConnection(this, 'Connection', {
      name,
      location: connection.location,
      bandwidth: connection.bandwidth,
      tags: { Name: name },
      // A returned port has to be ordered and cabled again. Terraform refuses to replace it while it is in the
      // settings; once it is removed from them, the state forgets the port and AWS keeps it.
      skipDestroy: true,
      lifecycle: { preventDestroy: true },
    });
    if (connection.stage === 'ordered') return;
    const stack = new CloudformationStack(this, 'TransitInterface', {
      name: `${name}-transit-interface`,
      parameters: { ConnectionId: connectionId, GatewayId: gatewayId },
      templateBody: JSON.stringify({
        AWSTemplateFormatVersion: '2010-09-09',
        Description: 'A transit virtual interface, whose BGP key comes from Secrets Manager',
        Parameters: { ConnectionId: { Type: 'String' }, GatewayId: { Type: 'String' } },
        Resources: {
          Interface: {
            Type: 'AWS::DirectConnect::TransitVirtualInterface',
            Properties: {
              VirtualInterfaceName: name,
              ConnectionId: { Ref: 'ConnectionId' },
              DirectConnectGatewayId: { Ref: 'GatewayId' },
              Vlan: connection.vlan,
              Mtu: connection.mtu,
              BgpPeers: [
                {
                  AddressFamily: 'ipv4',
                  Asn: String(onPremisesAsn),
                  AuthKey: `{{resolve:secretsmanager:${connection.bgpKeySecretArn}:SecretString}}`,
                },
              ],
            },
          },
        },
        // Its metrics have this dimension.
        Outputs: { InterfaceId: { Value: { 'Fn::GetAtt': ['Interface', 'VirtualInterfaceId'] } } },
      }),
    });
    this.watch(connection.name, connectionId, Fn.lookup(stack.outputs, 'InterfaceId') as string);
    waive(stack, { CKV_AWS_124: 'Terraform waits for it and reports the result; nothing else changes it' });
  }

  /**
   * A port that is only ordered has no alarm: it is down until it is cabled. AWS reports every 5 minutes
   * (https://docs.aws.amazon.com/directconnect/latest/UserGuide/monitoring-cloudwatch.html).
   */
  private watch(name: string, connectionId: string, interfaceId: string): void {
    const alarms = alarmsOf(this);
    const down = (metricName: string, dimensions: Readonly<Record<string, string>>) => ({
      metric: { namespace: 'AWS/DX', metricName, dimensions, statistic: 'Minimum', periodSec: 300 },
      below: 1,
      missing: 'breaching' as const,
    });
    alarms.add(`${this.node.id}Down`, {
      description: `The Direct Connect port ${name} is down: on-premises is reached by the other ports or the VPN. See AWS Health for maintenance, then call the location`,
      ...down('ConnectionState', { ConnectionId: connectionId }),
      periods: 2,
    });
    alarms.add(`${this.node.id}SessionDown`, {
      description: `The BGP session on the Direct Connect port ${name} is down: see the router, its key, and the number of its routes`,
      ...down('VirtualInterfaceBgpStatus', { ConnectionId: connectionId, VirtualInterfaceId: interfaceId }),
      periods: 2,
    });
  }
}
