import { latchDimensions, latchMetric } from '@platform/libs/edge/latch/latch-metric';
import { valueOf, type FailoverStep, type FailoverView } from '@platform/tools/model/failover';
import { Accounts, type FailoverContext } from './accounts';

/** Makes the one call of a step. */
export async function act(context: FailoverContext, step: FailoverStep): Promise<void> {
  const accounts = new Accounts(context);
  switch (step.kind) {
    case 'raise-fleet': {
      const { SetDesiredCapacityCommand } = await import('@aws-sdk/client-auto-scaling');
      const client = await accounts.fleets(awsRegionOf(context, step.region));
      const { fleet: AutoScalingGroupName, to: DesiredCapacity } = step;
      await client.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity, HonorCooldown: false }));
      return;
    }
    case 'move-writer':
      return moveWriter(context, accounts, step);
    case 'latch':
    case 'release':
      return setLatch(context, accounts, step);
    case 'weight':
      return setWeight(context, accounts, step);
  }
}

/** Whether the call may be repeated while its effect is waited for: a latch holds only once a whole period has its value. */
export function repeats(step: FailoverStep): boolean {
  return step.kind === 'latch' || step.kind === 'release';
}

/** Whether a step's effect is there. */
export function isDone(step: FailoverStep, view: FailoverView): boolean {
  const region = view.regions.find(({ key }) => key === step.region)!;
  switch (step.kind) {
    case 'raise-fleet': {
      const fleet = valueOf(region.fleets)?.find(({ name }) => name === step.fleet);
      return fleet !== undefined && fleet.desired >= step.to;
    }
    case 'move-writer': {
      const database = valueOf(view.database);
      return database?.members[step.region]?.writer === true && database.move === undefined;
    }
    case 'latch':
      return region.latched !== undefined && valueOf(region.latched) === true;
    case 'release':
      return region.latched !== undefined && valueOf(region.latched) === false;
    case 'weight': {
      const endpoint = region.endpoints?.[step.accelerator];
      return endpoint !== undefined && valueOf(endpoint)?.weight === step.to;
    }
  }
}

/** The API call of a step, with the region that it goes to: for a plan, a dry run and the log. */
export function callOf(context: Pick<FailoverContext, 'regions'>, step: FailoverStep): string {
  switch (step.kind) {
    case 'raise-fleet':
      return `autoscaling:SetDesiredCapacity ${step.fleet} ${step.to} in ${awsRegionOf(context, step.region)}`;
    case 'move-writer': {
      const call = {
        switchover: 'SwitchoverGlobalCluster',
        failover: 'FailoverGlobalCluster',
        promote: 'PromoteReadReplica',
      };
      return `rds:${call[step.how]} ${step.member} in ${awsRegionOf(context, step.region)}`;
    }
    case 'latch':
    case 'release':
      return `cloudwatch:PutMetricData ${latchMetric.name} of ${step.region} = ${step.kind === 'latch' ? 1 : 0} in ${step.latchRegion}`;
    case 'weight':
      return `globalaccelerator:UpdateEndpointGroup ${step.accelerator} weight ${step.to} of ${step.region} in us-west-2`;
  }
}

function awsRegionOf({ regions }: Pick<FailoverContext, 'regions'>, key: string): string {
  return regions.find((region) => region.key === key)!.awsRegion;
}

async function moveWriter(
  context: FailoverContext,
  accounts: Accounts,
  { region, how, globalClusterId, member }: FailoverStep & { kind: 'move-writer' },
): Promise<void> {
  const rds = await import('@aws-sdk/client-rds');
  // Called in the region that takes over: it needs nothing of the other one (RDS API reference, FailoverGlobalCluster).
  const client = await accounts.rds(awsRegionOf(context, region));
  if (how === 'promote') {
    await client.send(new rds.PromoteReadReplicaCommand({ DBInstanceIdentifier: member.split(':').at(-1) }));
    return;
  }
  const target = { GlobalClusterIdentifier: globalClusterId, TargetDbClusterIdentifier: member };
  if (how === 'switchover') await client.send(new rds.SwitchoverGlobalClusterCommand(target));
  else await client.send(new rds.FailoverGlobalClusterCommand({ ...target, AllowDataLoss: true }));
}

async function setLatch(
  { environment }: FailoverContext,
  accounts: Accounts,
  { kind, region, latchRegion }: FailoverStep & { kind: 'latch' | 'release' },
): Promise<void> {
  const { PutMetricDataCommand } = await import('@aws-sdk/client-cloudwatch');
  const client = await accounts.metrics('edge', latchRegion);
  await client.send(
    new PutMetricDataCommand({
      Namespace: latchMetric.namespace,
      MetricData: [
        {
          MetricName: latchMetric.name,
          Dimensions: Object.entries(latchDimensions(environment, region)).map(([Name, Value]) => ({ Name, Value })),
          Timestamp: new Date(),
          Value: kind === 'latch' ? 1 : 0,
        },
      ],
    }),
  );
}

async function setWeight(
  { environment }: FailoverContext,
  accounts: Accounts,
  { groupArn, to }: FailoverStep & { kind: 'weight' },
): Promise<void> {
  const { DescribeEndpointGroupCommand, ListCrossAccountResourcesCommand, UpdateEndpointGroupCommand } = await import(
    '@aws-sdk/client-global-accelerator'
  );
  const client = await accounts.accelerator();
  const { EndpointGroup } = await client.send(new DescribeEndpointGroupCommand({ EndpointGroupArn: groupArn }));
  const { workload, edge } = environment.accounts;
  // The update replaces all endpoints, and one of another account is accepted with its attachment only (Global
  // Accelerator API reference, EndpointConfiguration, AttachmentArn).
  const attachments = new Map<string, string>();
  if (workload !== edge) {
    const { CrossAccountResources = [] } = await client.send(
      new ListCrossAccountResourcesCommand({ ResourceOwnerAwsAccountId: workload }),
    );
    for (const { EndpointId, AttachmentArn } of CrossAccountResources) {
      if (EndpointId && AttachmentArn) attachments.set(EndpointId, AttachmentArn);
    }
  }
  await client.send(
    new UpdateEndpointGroupCommand({
      EndpointGroupArn: groupArn,
      EndpointConfigurations: (EndpointGroup?.EndpointDescriptions ?? []).map(
        ({ EndpointId, ClientIPPreservationEnabled }) => ({
          EndpointId,
          Weight: to,
          ...(ClientIPPreservationEnabled === undefined ? {} : { ClientIPPreservationEnabled }),
          ...(attachments.has(EndpointId!) ? { AttachmentArn: attachments.get(EndpointId!) } : {}),
        }),
      ),
    }),
  );
}
