import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';

export interface EndpointSecurityGroupProps {
  /** Prefix of the group's name: `prod-endpoints`. */
  readonly name: string;
  readonly vpcId: string;
  /** Range that may connect: the VPC's own. */
  readonly cidr: string;
  /** TCP ports. */
  readonly ports: readonly number[];
}

/**
 * Allows one range to connect to endpoints, on the ports of their services. Endpoints open no connection. A group may
 * have up to 60 rules in each direction (VPC user guide, "Amazon VPC quotas").
 */
export class EndpointSecurityGroup extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, { name, vpcId, cidr, ports }: EndpointSecurityGroupProps) {
    super(scope, id);
    this.id = new SecurityGroup(this, 'Group', {
      namePrefix: `${name}-`,
      description: 'Endpoints of services, from inside the VPC only',
      vpcId,
      tags: { Name: name },
      lifecycle: { createBeforeDestroy: true },
    }).id;
    for (const port of ports) {
      new VpcSecurityGroupIngressRule(this, `Port${port}`, {
        securityGroupId: this.id,
        description: `Port ${port} from the VPC`,
        cidrIpv4: cidr,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
      });
    }
  }
}
