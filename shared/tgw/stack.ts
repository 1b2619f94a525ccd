import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { FlowLog } from '@platform/libs/vpc/flow-log';
import { atLeast, type Environment } from '@platform/libs/settings/environment';
import { peeringTable } from '@platform/libs/settings/segments';
import { flowLogBucketName } from '@platform/libs/settings/physical-names';
import type { RegionSettings } from '@platform/libs/settings/region';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { attachedTo, type AttachedVpc } from '@platform/libs/tgw/attached-vpc';
import { constructId } from '@platform/libs/settings/construct-id';
import { hasStaticOnPremises, type Attachment } from '@platform/libs/tgw/destinations';
import { ExternalAttachments } from '@platform/libs/tgw/external-attachments';
import { planRouting, type HubRouting, type RoutingTable } from '@platform/libs/tgw/plan-routing';
import { RouteTable } from '@platform/libs/tgw/route-table';
import { TransitGateway } from '@platform/libs/tgw/transit-gateway';
import { VpcAttachment } from '@platform/libs/tgw/vpc-attachment';
import { gwlbContract } from '@platform/shared/security/gwlb/contract';
import { tgwContract } from './contract';

export interface TgwStackProps {
  readonly environment: Environment;
  readonly region: RegionSettings;
  readonly regions: readonly RegionSettings[];
  readonly attachedVpcs: readonly AttachedVpc[];
}

/** The Transit Gateway of one region, its attachments, and a route table for each kind of sender. */
export class TgwStack extends EstateStack {
  constructor(scope: Construct, { environment, region, regions, attachedVpcs }: TgwStackProps) {
    const contract = tgwContract(region, environment);
    super(scope, { environment, contract, region, account: 'network' });
    const name = `${environment.name}-hub`;
    const routing = planRouting(environment, regions)[region.key]!;

    const { id: transitGatewayId, arn: transitGatewayArn } = new TransitGateway(this, 'Hub', { name, asn: region.asn });
    const { destinationArn } = new FlowLog(this, 'FlowLog', {
      name,
      source: { transitGatewayId },
      settings: environment.flowLogs,
      bucketName: flowLogBucketName(environment, 'hub', region.key),
      awsRegion: region.awsRegion,
      accountId: this.accountId,
    });

    const vpcAttachmentIds: Record<string, string> = {};
    for (const [vpcName, routes] of Object.entries(routing.vpcRoutes)) {
      const vpc = this.read(attachedTo(region.key, vpcName, attachedVpcs).contract);
      vpcAttachmentIds[vpcName] = new VpcAttachment(this, constructId('attachment', vpcName), {
        name: `${environment.name}-${vpcName}`,
        transitGatewayId,
        region: region.key,
        vpcId: vpc.vpcId,
        transitSubnetIds: vpc.transitSubnetIds,
        // Data and public subnets have no route to the Transit Gateway; only application subnets do.
        routeTableIds: region.zones.map((_, zone) => Fn.element(vpc.appRouteTableIds, zone) as string),
        routes,
        applianceMode: 'disable',
      }).id;
    }
    const external = new ExternalAttachments(this, 'External', {
      name: `${name}-external`,
      transitGatewayArn,
      attachments: (environment.externalAttachments ?? []).filter((attachment) => attachment.region === region.key),
    });

    const inspectionAttachmentId = atLeast(environment, 'inspected')
      ? this.attachInspection(region, transitGatewayId, routing)
      : undefined;

    // Link stacks associate peerings, shared/hybrid associates on-premises.
    const attachmentId = (to: Attachment) => {
      if (to.kind === 'inspection') return inspectionAttachmentId;
      return to.kind === 'vpc' ? vpcAttachmentIds[to.name] : to.kind === 'external' ? external.ids[to.name] : undefined;
    };
    const tables = routing.tables.map(
      (plan) =>
        new RouteTable(this, constructId(plan.name, 'table'), {
          name: `${name}-${plan.name}`,
          transitGatewayId,
          region: region.key,
          plan: hasStaticOnPremises(environment) ? withoutOnPremises(plan) : plan,
          attachmentId,
        }),
    );
    const routeTableIds = Object.fromEntries(routing.tables.map(({ name }, index) => [name, tables[index]!.id]));
    const { [peeringTable]: peeringRouteTableId, ...others } = routeTableIds;
    this.publish(contract, {
      transitGatewayId,
      transitGatewayArn,
      routeTableIds: others,
      peeringRouteTableId: peeringRouteTableId!,
      vpcAttachmentIds,
      inspectionAttachmentId: inspectionAttachmentId ?? '',
      flowLogArn: destinationArn,
    });
  }

  /** In appliance mode, so that both directions of a flow reach the appliances of one zone. */
  private attachInspection(region: RegionSettings, transitGatewayId: string, { inspectionRoutes }: HubRouting): string {
    const inspection = this.read(gwlbContract(region));
    return new VpcAttachment(this, 'AttachmentInspection', {
      name: `${this.environment.name}-inspection`,
      transitGatewayId,
      region: region.key,
      vpcId: inspection.vpcId,
      transitSubnetIds: inspection.transitSubnetIds,
      routeTableIds: region.zones.map((_, zone) => Fn.element(inspection.endpointRouteTableIds, zone) as string),
      routes: inspectionRoutes,
      applianceMode: 'enable',
    }).id;
  }
}

/** Without the entries that shared/hybrid makes. */
function withoutOnPremises({ routes, blackholes, ...table }: RoutingTable): RoutingTable {
  return {
    ...table,
    routes: routes.filter(({ destination }) => destination.kind !== 'on-premises'),
    blackholes: blackholes.filter(({ kind }) => kind !== 'on-premises'),
  };
}
