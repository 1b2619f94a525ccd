import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { waive } from '@platform/libs/stack/waive';

export interface ClientAccessProps {
  /** Name of the store; the groups are called `<name>` and `<name>-client`. */
  readonly name: string;
  readonly vpcId: string;
  /** TCP port of the store. */
  readonly port: number;
}

/**
 * Two security groups: the store's group accepts one port from members of the client group only, and a workload joins
 * the client group to connect. Neither uses addresses, and neither admits another region: a group can refer only to
 * groups in its region. An interface may have up to 5 groups (VPC user guide, "Amazon VPC quotas").
 */
export class ClientAccess extends Construct {
  readonly storeSecurityGroupId: string;
  readonly clientSecurityGroupId: string;

  constructor(scope: Construct, id: string, { name, vpcId, port }: ClientAccessProps) {
    super(scope, id);
    const store = new SecurityGroup(this, 'Store', {
      name,
      description: `Connections to ${name}`,
      vpcId,
      tags: { Name: name },
    });
    const client = new SecurityGroup(this, 'Client', {
      name: `${name}-client`,
      description: `May connect to ${name}`,
      vpcId,
      tags: { Name: `${name}-client` },
    });
    waive(client, { CKV2_AWS_5: 'workloads of other stacks join it; its id is an output' });
    const ports = { ipProtocol: 'tcp', fromPort: port, toPort: port };
    new VpcSecurityGroupIngressRule(this, 'FromClients', {
      securityGroupId: store.id,
      referencedSecurityGroupId: client.id,
      description: 'Members of the client group',
      ...ports,
    });
    new VpcSecurityGroupEgressRule(this, 'ToStore', {
      securityGroupId: client.id,
      referencedSecurityGroupId: store.id,
      description: `To ${name}`,
      ...ports,
    });
    this.storeSecurityGroupId = store.id;
    this.clientSecurityGroupId = client.id;
  }
}
