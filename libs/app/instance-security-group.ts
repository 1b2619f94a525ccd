import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';

export interface InstanceSecurityGroupProps {
  /** The group's name begins with it. */
  readonly name: string;
  readonly vpcId: string;
  /** Port of the service. */
  readonly port: number;
  /** Group of the balancer, the only one whose members may connect. */
  readonly balancerSecurityGroupId: string;
  /** Network of the VPC, in which endpoints of partners' services stand. */
  readonly cidr: string;
  /** TCP ports of those services; 443 among them is open already. */
  readonly partnerPorts: readonly number[];
}

/**
 * The application's instances: the balancer reaches the service, they reach HTTPS anywhere and partners' services in the
 * VPC, and nothing else. Data stores have groups of their own that instances join. Free; an interface may be in 5 groups unless more were asked for (VPC user
 * guide, "Amazon VPC quotas").
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
