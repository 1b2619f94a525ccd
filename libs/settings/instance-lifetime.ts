import type { RegionSettings } from './region';

/**
 * Days after which an Auto Scaling group replaces an instance. A rollout replaces the instances of all regions within a
 * day. From then on these ages keep the renewals of the primary and of a standby region at least five days apart, for more
 * than a year and a half: a package that the first start installs, and that fails, has failed in the standby region first.
 * No ages do so for ever, and instances that scaling adds have ages of their own. A new image replaces them all earlier.
 *
 * AWS accepts 1 to 365 days
 * (https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-max-instance-lifetime.html).
 */
export function instanceLifetimeDays({ role }: Pick<RegionSettings, 'role'>): number {
  return role === 'primary' ? 60 : 55;
}
