import { WrongUse } from '@platform/libs/settings/problem';
import { Accounts } from '@platform/tools/actions/failover/accounts';
import type { Act, Stage } from '@platform/tools/actions/gameday/game-day';
import { valueOf } from '@platform/tools/model/failover';
import { servingRegion } from './places';

interface Instance {
  readonly id: string;
  readonly zone: string;
}

/** Acts that terminate some of the instances with requests. Auto Scaling replaces them, so nothing is put back. */
export async function terminate(
  { context, before }: Stage,
  choose: (instances: readonly Instance[]) => readonly Instance[],
): Promise<Act[]> {
  const { DescribeAutoScalingGroupsCommand, TerminateInstanceInAutoScalingGroupCommand } = await import(
    '@aws-sdk/client-auto-scaling'
  );
  const { key, awsRegion } = servingRegion(context, before);
  const client = await new Accounts(context).fleets(awsRegion);
  const names = (valueOf(before.regions.find((region) => region.key === key)!.fleets) ?? []).map(({ name }) => name);
  const { AutoScalingGroups = [] } = await client.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: names }),
  );
  const instances = AutoScalingGroups.flatMap(({ Instances = [] }) => Instances)
    .filter(({ LifecycleState }) => LifecycleState === 'InService')
    .map(({ InstanceId, AvailabilityZone }) => ({ id: InstanceId!, zone: AvailabilityZone! }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const chosen = choose(instances);
  if (chosen.length === 0) throw new WrongUse(`${key}: no instance is in service there, so none can be taken away`);
  if (chosen.length === instances.length) {
    throw new WrongUse(
      `${key}: all ${instances.length} instances that are in service would be taken away; run more instances, in more zones`,
    );
  }
  return chosen.map(({ id, zone }) => ({
    call: `autoscaling:TerminateInstanceInAutoScalingGroup ${id} (${zone}) in ${awsRegion}`,
    run: async () => {
      await client.send(
        new TerminateInstanceInAutoScalingGroupCommand({ InstanceId: id, ShouldDecrementDesiredCapacity: false }),
      );
    },
  }));
}
