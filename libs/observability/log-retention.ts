import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { waive } from '@platform/libs/stack/waive';

/** Waives the check of log retention for less than a year, as the environment's settings ask. */
export function waiveRetention(group: CloudwatchLogGroup, retentionDays: number): void {
  if (retentionDays >= 365) return;
  waive(group, { CKV_AWS_338: `the settings of this environment ask for ${retentionDays} days` });
}
