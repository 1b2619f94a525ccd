import type { Environment } from '@platform/libs/settings/environment';
import { reservedBucketName } from '@platform/libs/settings/reserved-buckets';

/** Name of the bucket that holds the state of a region's stacks in one environment. */
export function stateBucketName(environment: Pick<Environment, 'organisation' | 'name'>, regionKey: string): string {
  return reservedBucketName(environment, 'terraform-state', regionKey);
}

/** Object key of a stack's state inside its bucket. */
export function stateKey(stack: string): string {
  return `${stack}/terraform.tfstate`;
}
