import type { S3Client } from '@aws-sdk/client-s3';
import type { StateLocation } from '@platform/tools/model/configuration';

/**
 * Writes a state where none is: the bytes as they are, in one call that replaces nothing else. Terraform's own ways
 * (`init -migrate-state`, `state push`) begin a new lineage and serial where no state is, and leave a lock when they are
 * killed: two states could not be told to belong together then.
 * @param damaged ETag of what lies there and is no state; it stays as a version. Default: nothing lies there
 * @returns false where somebody has written one meanwhile
 */
export async function putNewState(
  client: S3Client,
  { bucket, key }: StateLocation,
  state: Buffer | string,
  damaged?: string,
): Promise<boolean> {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  try {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: state,
        ContentType: 'application/json',
        ...(damaged === undefined ? { IfNoneMatch: '*' } : { IfMatch: damaged }),
      }),
    );
    return true;
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    // `NoSuchKey`: what was damaged has been deleted.
    if ($metadata?.httpStatusCode === 412 || name === 'NoSuchKey') return false;
    throw error;
  }
}
