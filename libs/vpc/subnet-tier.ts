import { Ec2SubnetCidrReservation } from '@cdktf/provider-aws/lib/ec2-subnet-cidr-reservation';
import { NetworkAcl, type NetworkAclIngress } from '@cdktf/provider-aws/lib/network-acl';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Construct } from 'constructs';
import { waive } from '@platform/libs/stack/waive';
import type { AclPlan, AclRule } from './plan-network-acl';

export interface SubnetTierProps {
  /** Prefix of all names: `prod-vpc-app`. */
  readonly name: string;
  readonly vpcId: string;
  /** Ids of availability zones, in the order in which subnets are numbered. */
  readonly zones: readonly string[];
  /** One range per zone. */
  readonly networks: readonly string[];
  readonly acl: AclPlan;
  /** One range per zone whose addresses AWS gives only to what names them. Default: none. */
  readonly reserved?: readonly string[];
}

/**
 * One subnet per zone, placed by the zone's id: names differ between the account that owns the subnet and those that it is
 * shared with (VPC user guide, "Share your VPC subnets with other accounts":
 * https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html), each with its own route table, behind one network ACL. Lists are in the order of the zones. No
 * public addresses by default. An ACL has up to 20 rules in each direction (VPC user guide, "Amazon VPC quotas").
 */
export class SubnetTier extends Construct {
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly associations: readonly RouteTableAssociation[];

  constructor(scope: Construct, id: string, props: SubnetTierProps) {
    super(scope, id);
    const { name, vpcId, zones, networks, acl } = props;
    this.subnets = zones.map(
      (zone, index) =>
        new Subnet(this, `Subnet${index}`, {
          vpcId,
          availabilityZoneId: zone,
          cidrBlock: networks[index]!,
          mapPublicIpOnLaunch: false,
          tags: { Name: `${name}-${zone}` },
        }),
    );
    props.reserved?.forEach((cidrBlock, index) => {
      new Ec2SubnetCidrReservation(this, `Reservation${index}`, {
        subnetId: this.subnets[index]!.id,
        cidrBlock,
        reservationType: 'explicit',
        description: 'Addresses that are set, such as those of the inbound Resolver endpoint',
      });
    });
    this.routeTables = zones.map(
      (zone, index) => new RouteTable(this, `RouteTable${index}`, { vpcId, tags: { Name: `${name}-${zone}` } }),
    );
    this.associations = this.subnets.map(
      (subnet, index) =>
        new RouteTableAssociation(this, `Association${index}`, {
          subnetId: subnet.id,
          routeTableId: this.routeTables[index]!.id,
        }),
    );
    const networkAcl = new NetworkAcl(this, 'NetworkAcl', {
      vpcId,
      subnetIds: this.subnetIds,
      ingress: acl.ingress.map(toBlock),
      egress: acl.egress.map(toBlock),
      tags: { Name: name },
    });
    for (const port of portsOpenToAnybody(acl)) {
      waive(networkAcl, {
        [checkOfPort[port]]:
          'ACLs are stateless: replies use ports from 1024, and transit tiers pass all traffic; security groups restrict connections',
      });
    }
  }

  get subnetIds(): string[] {
    return this.subnets.map(({ id }) => id);
  }

  get routeTableIds(): string[] {
    return this.routeTables.map(({ id }) => id);
  }
}

/** Checks of `npx platform scan` for ports that must not be open to the internet. */
const checkOfPort = {
  20: 'CKV_AWS_230',
  21: 'CKV_AWS_229',
  22: 'CKV_AWS_232',
  3389: 'CKV_AWS_231',
} as const;

function portsOpenToAnybody({ ingress }: AclPlan): (keyof typeof checkOfPort)[] {
  return ([20, 21, 22, 3389] as const).filter((port) =>
    ingress.some(
      ({ action, protocol, cidr, ports: [first, last] = [0, 65535] }) =>
        action === 'allow' &&
        (protocol === 'all' || protocol === 'tcp') &&
        cidr === '0.0.0.0/0' &&
        first <= port &&
        port <= last,
    ),
  );
}

function toBlock({ action, protocol, cidr, ports }: AclRule, index: number): NetworkAclIngress {
  const [fromPort, toPort] = ports ?? (protocol === 'tcp' || protocol === 'udp' ? [0, 65535] : [0, 0]);
  return {
    ruleNo: (index + 1) * 10,
    action,
    protocol: { all: '-1', tcp: '6', udp: '17', 'path-mtu': '1' }[protocol],
    cidrBlock: cidr,
    fromPort,
    toPort,
    // "Fragmentation needed": ICMP type 3, code 4.
    ...(protocol === 'path-mtu' ? { icmpType: 3, icmpCode: 4 } : {}),
  };
}
