import type { Construct } from 'constructs';
import { defineContract, text } from '@platform/libs/contract/contract';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { EstateStack, type RegionalStackProps } from '@platform/libs/stack/estate-stack';

/** What reports offers to other stacks. */
export const reportsContract = (region: RegionSettings) =>
  defineContract({
    stack: `region-${region.key}-reports`,
    project: `region-${region.key}/reports`,
    stateRegion: region,
    fields: {
      name: text('Name that its resources begin with', 'prod-reports'),
    },
  });

/** Reports of a region. */
export class RegionalReports extends EstateStack {
  constructor(
    scope: Construct,
    environment: Environment,
    props: RegionalStackProps<ReturnType<typeof reportsContract>>,
  ) {
    super(scope, { environment, account: 'workload', ...props });
    this.publish(props.contract, { name: `${environment.name}-reports` });
  }
}
