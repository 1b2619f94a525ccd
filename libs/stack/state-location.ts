import type { Environment } from '@platform/libs/settings/environment';
import { reservedBucketName } from '@platform/libs/settings/reserved-buckets';

/** Name of the state bucket of a region and environment. */
export function stateBucketName(environment: Pick<Environment, 'organisation' | 'name'>, regionKey: string): string {
  return reservedBucketName(environment, 'terraform-state', regionKey);
}

/** Object key of a stack's state in its bucket. */
export function stateKey(stack: string): string {
  return `${stack}/terraform.tfstate`;
}

/** Name of a stack's workspace in HCP Terraform, which one organization has once. */
export function workspaceName(environment: Pick<Environment, 'name'>, stack: string): string {
  return `${environment.name}-${stack}`;
}
