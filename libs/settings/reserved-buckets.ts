import type { Environment } from './environment';

/**
 * Purposes of the buckets that stacks make beside those of `dataStores.buckets`, as in their names. A data bucket with
 * such a name would be the same bucket, and one of two deploys would fail.
 */
export const reservedBuckets = {
  'access-logs': 'the access logs of buckets',
  'accelerator-logs': "the accelerator's flow logs",
  'balancer-logs': "the load balancers' access logs",
  canary: 'code and results of canaries',
  'config-history': 'the history of AWS Config',
  'edge-logs': "the distributions' access logs",
  'hub-flow-logs': "the Transit Gateway's flow logs",
  'inspection-flow-logs': "the inspection VPC's flow logs",
  'terraform-state': 'state',
} as const satisfies Readonly<Record<string, string>>;
export type ReservedBucket = keyof typeof reservedBuckets;

/** Name of a region's bucket that is not in the settings: `example-prod-edge-logs-us`. */
export function reservedBucketName(
  { organisation, name }: Pick<Environment, 'organisation' | 'name'>,
  bucket: ReservedBucket,
  regionKey: string,
): string {
  return `${organisation}-${name}-${bucket}-${regionKey}`;
}
