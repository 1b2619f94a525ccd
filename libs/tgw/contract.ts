import { defineContract, map, text } from '@platform/libs/contract/contract';
import { onPremisesSegment } from '@platform/libs/settings/segments';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';

type HubRegion = Pick<RegionSettings, 'key' | 'awsRegion' | 'vpcs'>;

/**
 * Outputs of a region's Transit Gateway. The environment gives the keys of its maps, so that offline plans know them.
 */
export function tgwContract(region: HubRegion, environment: Pick<Environment, 'segments' | 'onPremises'>) {
  const tables = [...Object.keys(environment.segments), ...(environment.onPremises ? [onPremisesSegment] : [])];
  const examples = (prefix: string, names: readonly string[]) =>
    Object.fromEntries(names.map((name, index) => [name, `${prefix}-0${index.toString(16)}${'e'.repeat(15)}`]));
  return defineContract({
    stack: `shared-tgw-${region.key}`,
    project: 'shared/tgw',
    stateRegion: region,
    fields: {
      transitGatewayId: text('Id of the Transit Gateway', 'tgw-0eeeeeeeeeeeeeeee'),
      transitGatewayArn: text(
        'ARN of the Transit Gateway',
        `arn:aws:ec2:${region.awsRegion}:111111111111:transit-gateway/tgw-0eeeeeeeeeeeeeeee`,
      ),
      routeTableIds: map(
        `Route table per segment, and "${onPremisesSegment}" where there are networks outside AWS`,
        examples('tgw-rtb', tables),
      ),
      peeringRouteTableId: text(
        'Route table that decides about packets from other regions',
        'tgw-rtb-0feeeeeeeeeeeeeee',
      ),
      vpcAttachmentIds: map(
        'Attachment per VPC of the region, by its name',
        examples('tgw-attach', Object.keys(region.vpcs)),
      ),
      inspectionAttachmentId: text(
        'Attachment of the inspection VPC; empty below level inspected',
        'tgw-attach-0fffffffffffffffe',
      ),
      flowLogArn: text('Bucket or log group of the flow logs', 'arn:aws:s3:::example-hub-flow-logs'),
    },
  });
}

/** Outputs of the link between the Transit Gateways of two regions. Its state is in the first region. */
export function tgwLinkContract(first: HubRegion, second: HubRegion) {
  return defineContract({
    stack: `shared-tgw-link-${first.key}-${second.key}`,
    project: 'shared/tgw',
    stateRegion: first,
    fields: {
      peeringAttachmentId: text(
        'Peering attachment; both regions know it by the same id',
        'tgw-attach-0feeeeeeeeeeeeeee',
      ),
    },
  });
}
