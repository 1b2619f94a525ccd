import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { constructId } from '@platform/libs/settings/construct-id';

export interface EndpointSecurityGroupProps {
  /** Prefix of the group's name: `prod-endpoints`. */
  readonly name: string;
  readonly vpcId: string;
  /** Range of the VPC, which may connect. */
  readonly cidr: string;
  /** Other ranges that may connect. Default: none. */
  readonly others?: readonly string[];
  /** TCP ports. */
  readonly ports: readonly number[];
}

/**
 * Allows the VPC and named ranges to connect to endpoints, on the ports of their services. Endpoints open no connection. A group may
 * have up to 60 rules in each direction (VPC user guide, "Amazon VPC quotas").
 */
export class EndpointSecurityGroup extends Construct {
  readonly id: string;

  constructor(scope: Construct, id: string, { name, vpcId, cidr, others = [], ports }: EndpointSecurityGroupProps) {
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
      for (const other of others) {
        new VpcSecurityGroupIngressRule(this, constructId(`Port${port}`, other), {
          securityGroupId: this.id,
          description: `Port ${port} from on-premises networks`,
          cidrIpv4: other,
          ipProtocol: 'tcp',
          fromPort: port,
          toPort: port,
        });
      }
    }
  }
}
