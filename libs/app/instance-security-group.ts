import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';

export interface InstanceSecurityGroupProps {
  /** Prefix of the group's name. */
  readonly name: string;
  readonly vpcId: string;
  /** Port of the service. */
  readonly port: number;
  /** Security group of the load balancer, the only allowed source. */
  readonly balancerSecurityGroupId: string;
  /** Range of the VPC, which contains the endpoints of partners' services. */
  readonly cidr: string;
  /** TCP ports of partners' services; 443 is open already. */
  readonly partnerPorts: readonly number[];
}

/**
 * Security group of the application's instances. Inbound: the load balancer on the service's port. Outbound: HTTPS
 * anywhere, and partners' services in the VPC. Data stores have their own client groups. An interface may have up to 5
 * groups (VPC user guide, "Amazon VPC quotas").
 */
export class InstanceSecurityGroup extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, props: InstanceSecurityGroupProps) {
    super(scope, id);
    this.id = new SecurityGroup(this, 'Group', {
      namePrefix: `${props.name}-instances-`,
      description: 'Instances of the application',
      vpcId: props.vpcId,
      lifecycle: { createBeforeDestroy: true },
    }).id;
    const service = { ipProtocol: 'tcp', fromPort: props.port, toPort: props.port };
    new VpcSecurityGroupIngressRule(this, 'FromBalancer', {
      ...service,
      securityGroupId: this.id,
      description: 'The service, from the balancer',
      referencedSecurityGroupId: props.balancerSecurityGroupId,
    });
    new VpcSecurityGroupEgressRule(this, 'BalancerToInstances', {
      ...service,
      securityGroupId: props.balancerSecurityGroupId,
      description: 'The service on the instances',
      referencedSecurityGroupId: this.id,
    });
    new VpcSecurityGroupEgressRule(this, 'Https', {
      securityGroupId: this.id,
      description: 'APIs of AWS and of others',
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      cidrIpv4: '0.0.0.0/0',
    });
    for (const port of new Set(props.partnerPorts)) {
      if (port === 443) continue;
      new VpcSecurityGroupEgressRule(this, `Partner${port}`, {
        securityGroupId: this.id,
        description: `Port ${port} of endpoints of services of partners`,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        cidrIpv4: props.cidr,
      });
    }
  }
}
