import type { RegionSettings } from './region';

/**
 * Days after which an Auto Scaling group replaces an instance. The standby region's are younger: an image that a parameter
 * names is the newest one at every launch, so a renewal can bring a faulty image, and it meets the standby region first
 * on most days. Only AMI ids keep an unreviewed image out of both regions at once: `docs/runbooks/rollout.md`.
 *
 * AWS accepts 1 to 365 days
 * (https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-max-instance-lifetime.html).
 */
export function instanceLifetimeDays({ role }: Pick<RegionSettings, 'role'>): number {
  return role === 'primary' ? 30 : 23;
}
