import { DefaultSecurityGroup } from '@cdktf/provider-aws/lib/default-security-group';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { FlowLog } from '@platform/libs/vpc/flow-log';
import type { FlowLogSettings } from '@platform/libs/settings/flow-logs';
import { GatewayEndpoints } from '@platform/libs/vpc/gateway-endpoints';
import { NatGateways } from '@platform/libs/vpc/nat-gateways';
import type { GatewayAccess } from '@platform/libs/vpc/plan-gateway-policy';
import { planNetworkAcl } from '@platform/libs/vpc/plan-network-acl';
import { planSubnets, type Tier } from '@platform/libs/vpc/plan-subnets';
import { SubnetTier } from '@platform/libs/vpc/subnet-tier';

export interface InspectionNetworkProps {
  /** Unique in account and region: `prod-inspection`. */
  readonly name: string;
  /** IPv4 range, /16 to /21. */
  readonly cidr: string;
  /** The whole range of the region's VPCs, which use this VPC for internet access. */
  readonly regionCidr: string;
  readonly awsRegion: string;
  /** Ids of availability zones. Append only: the order numbers the subnets. */
  readonly zones: readonly string[];
  readonly accountId: string;
  /** What may be used through the endpoints of S3 and DynamoDB. */
  readonly gatewayAccess: GatewayAccess;
  readonly flowLogs: FlowLogSettings;
  /** Name of the bucket of its flow logs. */
  readonly flowLogBucketName: string;
}

/**
 * The inspection VPC. Per zone, in the order that a packet to the internet passes them: `transit` (from the Transit
 * Gateway), `endpoints`, `public` (NAT, internet). The `appliances` subnets are beside that path.
 *
 * Each zone always has its own NAT gateway: a reply returns to the gateway's zone, and must pass the same appliances as
 * the request. {@link InspectionEndpoints} adds the routes to inspection. `shared/tgw` creates the attachment and the
 * routes back to the Transit Gateway.
 *
 * A region may have up to 5 VPCs by default, and this is one of them (VPC user guide, "Amazon VPC quotas").
 */
export class InspectionNetwork extends Construct {
  readonly vpcId: string;
  readonly transit: SubnetTier;
  readonly endpoints: SubnetTier;
  readonly appliances: SubnetTier;
  readonly public: SubnetTier;
  /** Range of all appliance subnets, independent of the number of zones. */
  readonly applianceBlock: string;
  readonly natAddresses: readonly string[];
  /** What a machine in `appliances` needs to reach the internet. */
  readonly wayOut: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: InspectionNetworkProps) {
    super(scope, id);
    const { name, cidr, regionCidr, awsRegion, zones, accountId } = props;
    const vpc = new Vpc(this, 'Network', {
      cidrBlock: cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: name },
    });
    this.vpcId = vpc.id;
    // Both lists are explicit: if a list is missing, the provider keeps existing rules.
    new DefaultSecurityGroup(this, 'DefaultSecurityGroup', {
      vpcId: vpc.id,
      ingress: [],
      egress: [],
      tags: { Name: `${name}-default` },
    });
    const internet = new InternetGateway(this, 'InternetGateway', { vpcId: vpc.id, tags: { Name: name } });

    const tiers = planSubnets(cidr, zones.length);
    const tier = (tierId: string, word: string, place: Tier) =>
      new SubnetTier(this, tierId, {
        name: `${name}-${word}`,
        vpcId: vpc.id,
        zones,
        networks: tiers[place].subnets,
        // Traffic to the NAT gateways comes from the whole region.
        acl: planNetworkAcl(place === 'public' ? 'nat' : place, { vpc: regionCidr, tiers, onPremises: [] }),
      });
    this.transit = tier('Transit', 'transit', 'transit');
    this.endpoints = tier('Endpoints', 'endpoints', 'inspection');
    this.appliances = tier('Appliances', 'appliances', 'app');
    this.public = tier('Public', 'public', 'public');
    this.applianceBlock = tiers.app.block;

    const wayOut = this.public.routeTableIds.map(
      (routeTableId, zone) =>
        new Route(this.public, `InternetRoute${zone}`, {
          routeTableId,
          destinationCidrBlock: '0.0.0.0/0',
          gatewayId: internet.id,
        }),
    );
    // The appliances use the same gateways, uninspected, to download packages and rules.
    const nat = new NatGateways(this, 'Nat', {
      name: `${name}-nat`,
      layout: 'per-zone',
      from: this.public,
      to: this.appliances,
      wayOut,
    });
    this.natAddresses = nat.addresses;
    this.wayOut = [...this.public.associations, ...wayOut, ...this.appliances.associations, ...nat.routes];
    this.endpoints.routeTableIds.forEach(
      (routeTableId, zone) =>
        new Route(this.endpoints, `InternetRoute${zone}`, {
          routeTableId,
          destinationCidrBlock: '0.0.0.0/0',
          natGatewayId: nat.gatewayIds[zone]!,
        }),
    );
    new GatewayEndpoints(this, 'GatewayEndpoints', {
      name,
      vpcId: vpc.id,
      awsRegion,
      tiers: [this.appliances],
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
  }
}
