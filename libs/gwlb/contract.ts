import { defineContract, list, map, text } from '@platform/libs/contract/contract';
import type { RegionSettings } from '@platform/libs/settings/region';

/**
 * Outputs of a region's inspection. Lists have one entry per zone, in the order of the region's zones. Below level
 * `inspected` everything is empty.
 */
export function gwlbContract(region: RegionSettings) {
  const { key, awsRegion } = region;
  const perZone = (prefix: string, tier: number) =>
    region.zones.map((_, zone) => `${prefix}-0${tier}${zone}${'e'.repeat(14)}`);
  return defineContract({
    stack: `shared-security-gwlb-${key}`,
    project: 'shared/security/gwlb',
    stateRegion: region,
    fields: {
      vpcId: text('Id of the inspection VPC', 'vpc-0fffffffffffffffe'),
      transitSubnetIds: list('Subnets for the attachment to the hub', perZone('subnet', 6)),
      endpointRouteTableIds: list(
        'Route tables of the endpoints: where packets go after inspection',
        perZone('rtb', 7),
      ),
      endpointIds: list('Gateway Load Balancer endpoints', perZone('vpce', 8)),
      endpointServiceName: text(
        'Endpoint service of the appliances',
        `com.amazonaws.vpce.${awsRegion}.vpce-svc-0eeeeeeeeeeeeeeee`,
      ),
      natAddresses: list(
        'Public addresses that requests to the internet come from',
        region.zones.map((_, zone) => `192.0.2.${20 + zone}`),
      ),
      autoscalingGroupName: text('Group of the appliances', 'example-inspection'),
      alertLogGroupName: text('CloudWatch log group of what the appliances saw', '/example-inspection/alerts'),
      alarmTopicArn: text(
        'Topic that the alarms of this stack go to',
        `arn:aws:sns:${awsRegion}:111111111111:example-inspection-alarms`,
      ),
      alarmArns: map('Alarms by name', {}),
    },
  });
}
