import type { Construct } from 'constructs';
import { Inspection } from '@platform/libs/gwlb/inspection';
import { atLeast, type Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { gwlbContract } from './contract';

/**
 * Inspection of one region's traffic, from level `inspected`. The Transit Gateway's stack reads it, attaches it and
 * routes to it.
 */
export class GwlbStack extends EstateStack {
  constructor(scope: Construct, environment: Environment, region: RegionSettings) {
    const contract = gwlbContract(region);
    super(scope, { environment, contract, region, account: 'network' });
    if (!atLeast(environment, 'inspected')) {
      this.publish(contract, {
        vpcId: '',
        transitSubnetIds: [],
        endpointRouteTableIds: [],
        endpointIds: [],
        endpointServiceName: '',
        natAddresses: [],
        autoscalingGroupName: '',
        alertLogGroupName: '',
        alarmTopicArn: '',
        alarmArns: {},
      });
      return;
    }

    const inspection = new Inspection(this, 'Inspection', {
      environment,
      region,
      accountId: this.accountId,
    });
    const { network, alarms } = inspection;
    this.publish(contract, {
      vpcId: network.vpcId,
      transitSubnetIds: network.transit.subnetIds,
      endpointRouteTableIds: network.endpoints.routeTableIds,
      endpointIds: [...inspection.endpointIds],
      endpointServiceName: inspection.endpointServiceName,
      natAddresses: [...network.natAddresses],
      autoscalingGroupName: inspection.autoscalingGroupName,
      alertLogGroupName: inspection.alertLogGroupName,
      alarmTopicArn: alarms.topicArn,
      alarmArns: alarms.arns,
    });
  }
}
