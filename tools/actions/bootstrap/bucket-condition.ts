import type { S3Client } from '@aws-sdk/client-s3';
import type { Problem } from '@platform/libs/settings/problem';
import { isOfStates } from '@platform/tools/aws/state-store';

/** A bucket that is to hold states. */
export interface WantedBucket {
  readonly bucket: string;
  readonly awsRegion: string;
}

/** What is known of a bucket before the bootstrap touches it. `ours` can be one that an earlier attempt has made. */
export type BucketCondition = 'absent' | 'ours' | Problem;

/** Objects that are looked at to tell a bucket of states from another. */
const LOOKED_AT = 50;

/**
 * Looks at a bucket without changing it. One of another account, of another region, or with something else than states
 * in it is a problem.
 * @param owner account id that must own it; not checked where absent
 */
export async function bucketCondition(
  { bucket, awsRegion }: WantedBucket,
  client: S3Client,
  owner?: string,
): Promise<BucketCondition> {
  const { HeadBucketCommand, ListObjectsV2Command } = await import('@aws-sdk/client-s3');
  const of = owner ? { ExpectedBucketOwner: owner } : {};
  const remedy = 'give the organisation another name in infra.config.ts: names of buckets are unique in the world';
  try {
    const { BucketRegion } = await client.send(new HeadBucketCommand({ Bucket: bucket, ...of }));
    if (BucketRegion && BucketRegion !== awsRegion) return elsewhere(BucketRegion);
  } catch (error) {
    const { $metadata, $response } = error as {
      $metadata?: { httpStatusCode?: number };
      $response?: { headers?: Record<string, string> };
    };
    switch ($metadata?.httpStatusCode) {
      case 404:
        return 'absent';
      case 301:
        return elsewhere($response?.headers?.['x-amz-bucket-region']);
      case 403:
        return { where: bucket, what: 'this bucket belongs to another account, or yours may not see it', remedy };
      default:
        throw error;
    }
  }
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: LOOKED_AT, ...of }));
  const other = Contents.find(({ Key }) => !isOfStates(Key ?? ''));
  if (!other) return 'ours';
  return { where: bucket, what: `this bucket is in use for something else: it holds ${other.Key}`, remedy };

  function elsewhere(region: string | undefined): Problem {
    const place = region ?? 'another region';
    return { where: bucket, what: `this bucket exists in ${place}, and has to be in ${awsRegion}`, remedy };
  }
}
