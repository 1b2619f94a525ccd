import { defineContract, text } from '@platform/libs/contract/contract';
import type { RegionSettings } from '@platform/libs/settings/region';

/** Outputs of a region's traffic control. Every value is empty where it is off. */
export function trafficControlContract(region: RegionSettings) {
  const { key, awsRegion } = region;
  return defineContract({
    stack: `region-${key}-traffic-control`,
    project: `region-${key}/traffic-control`,
    stateRegion: region,
    fields: {
      functionName: text('Name of the function, for its metrics', 'example-traffic-control'),
      logGroupName: text('Log group with its decisions', '/aws/lambda/example-traffic-control'),
      overrideParameter: text('SSM parameter that holds it back', '/example/traffic-control/override'),
      alarmTopicArn: text(
        'Topic of its own alarms',
        `arn:aws:sns:${awsRegion}:333333333333:example-traffic-control-alarms`,
      ),
    },
  });
}

/** Outputs while it is off. */
export const noTrafficControl = { functionName: '', logGroupName: '', overrideParameter: '', alarmTopicArn: '' };

/** The contract of a region's traffic control. */
export type TrafficControlContract = ReturnType<typeof trafficControlContract>;
