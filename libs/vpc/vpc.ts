import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { Vpc as AwsVpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcDhcpOptions } from '@cdktf/provider-aws/lib/vpc-dhcp-options';
import { VpcDhcpOptionsAssociation } from '@cdktf/provider-aws/lib/vpc-dhcp-options-association';
import { Construct } from 'constructs';
import { FlowLog } from './flow-log';
import type { FlowLogSettings } from '@platform/libs/settings/flow-logs';
import type { NatLayout } from '@platform/libs/settings/organisation';
import { GatewayEndpoints } from './gateway-endpoints';
import { NatGateways } from './nat-gateways';
import type { GatewayAccess } from './plan-gateway-policy';
import { planNetworkAcl } from './plan-network-acl';
import { planSubnets, type Tier } from './plan-subnets';
import { SubnetShare } from './subnet-share';
import { SubnetTier } from './subnet-tier';

export interface VpcProps {
  /** Unique in account and region: `prod-vpc`. */
  readonly name: string;
  /** IPv4 range, /16 to /21. */
  readonly cidr: string;
  readonly awsRegion: string;
  /** Ids of availability zones. Append only: the order numbers the subnets. */
  readonly zones: readonly string[];
  readonly natGateways: NatLayout;
  /** One range per zone, inside the app subnets, that only what names its addresses gets. Default: none. */
  readonly reserved?: readonly string[];
  /** On-premises networks, which count as inside even with public addresses. */
  readonly onPremises: readonly string[];
  /** Account that owns the VPC. */
  readonly accountId: string;
  /** Account that runs the workload; the public, app and data subnets are shared with it if it is another one. */
  readonly workloadAccountId: string;
  /** What may be used through the endpoints of S3 and DynamoDB. */
  readonly gatewayAccess: GatewayAccess;
  readonly flowLogs: FlowLogSettings;
  /** Name of the bucket of its flow logs. */
  readonly flowLogBucketName: string;
}

/**
 * A VPC with tiers of subnets over several zones. It has no route to any other network: `shared/tgw` attaches the
 * transit subnets to the Transit Gateway and adds routes to the tables, so that the Transit Gateway decides which
 * networks reach each other.
 *
 * The default security group is emptied, the tiers have network ACLs, and all flows are logged. A region has up to 5
 * VPCs and a VPC up to 200 subnets by default (VPC user guide, "Amazon VPC quotas").
 */
export class Vpc extends Construct {
  readonly id: string;
  readonly public: SubnetTier;
  readonly app: SubnetTier;
  readonly data: SubnetTier;
  readonly transit: SubnetTier;
  /** Public addresses of the NAT gateways. */
  readonly natAddresses: readonly string[];

  constructor(scope: Construct, id: string, props: VpcProps) {
    super(scope, id);
    const { name, cidr, awsRegion, zones, accountId, workloadAccountId } = props;
    const vpc = new AwsVpc(this, 'Network', {
      cidrBlock: cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: name },
    });
    this.id = vpc.id;
    // Without rules, so that a resource without a group reaches nothing. The lists are explicit: if a list is missing,
    // the provider keeps existing rules and never removes one that somebody adds.
    new DefaultSecurityGroup(this, 'DefaultSecurityGroup', {
      vpcId: vpc.id,
      ingress: [],
      egress: [],
      tags: { Name: `${name}-default` },
    });
    this.setDhcpOptions(name, awsRegion);
    const internet = new InternetGateway(this, 'InternetGateway', { vpcId: vpc.id, tags: { Name: name } });

    const tiers = planSubnets(cidr, zones.length);
    const tier = (tierId: string, word: Tier, reserved: readonly string[] = []) =>
      new SubnetTier(this, tierId, {
        reserved,
        name: `${name}-${word}`,
        vpcId: vpc.id,
        zones,
        networks: tiers[word].subnets,
        acl: planNetworkAcl(word, { vpc: cidr, tiers, onPremises: props.onPremises }),
      });
    this.public = tier('Public', 'public');
    this.app = tier('App', 'app', props.reserved);
    this.data = tier('Data', 'data');
    this.transit = tier('Transit', 'transit');

    const internetRoutes = this.public.routeTables.map(
      (table, index) =>
        new Route(this.public, `InternetRoute${index}`, {
          routeTableId: table.id,
          destinationCidrBlock: '0.0.0.0/0',
          gatewayId: internet.id,
        }),
    );
    const nat = new NatGateways(this, 'Nat', {
      name: `${name}-nat`,
      layout: props.natGateways,
      from: this.public,
      to: this.app,
      wayOut: internetRoutes,
    });
    this.natAddresses = nat.addresses;
    new GatewayEndpoints(this, 'Endpoints', {
      name,
      vpcId: vpc.id,
      awsRegion,
      tiers: [this.app, this.data],
      access: props.gatewayAccess,
    });
    new FlowLog(this, 'FlowLog', {
      name,
      source: { vpcId: vpc.id },
      settings: props.flowLogs,
      bucketName: props.flowLogBucketName,
      awsRegion,
      accountId,
    });
    if (workloadAccountId !== accountId) {
      new SubnetShare(this, 'Share', {
        name,
        accountId: workloadAccountId,
        tiers: { Public: this.public, App: this.app, Data: this.data },
      });
    }
  }

  /** AWS's resolver, the region's own domain for host names, and Amazon's time service, which needs no route. */
  private setDhcpOptions(name: string, awsRegion: string): void {
    const options = new VpcDhcpOptions(this, 'DhcpOptions', {
      domainName: awsRegion === 'us-east-1' ? 'ec2.internal' : `${awsRegion}.compute.internal`,
      domainNameServers: ['AmazonProvidedDNS'],
      ntpServers: ['169.254.169.123'],
      tags: { Name: name },
    });
    new VpcDhcpOptionsAssociation(this, 'DhcpOptionsAssociation', { vpcId: this.id, dhcpOptionsId: options.id });
  }
}
