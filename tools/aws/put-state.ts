import type { S3Client } from '@aws-sdk/client-s3';
import type { StateLocation } from '@platform/tools/model/configuration';

/**
 * Writes a state in one call that replaces only what the caller has seen. Hold the lock of the state. Terraform's own ways
 * do not fit: where there is no state, `init -migrate-state` and `state push` begin a new lineage and serial, so two states
 * can no longer be told to belong together.
 * @param replaces ETag of what it replaces, which stays as a version. Default: it replaces nothing
 * @returns false where something else is stored there by now
 */
export async function putState(
  client: S3Client,
  { bucket, key }: StateLocation,
  state: Buffer | string,
  replaces?: string,
): Promise<boolean> {
  const { PutObjectCommand } = await import('@aws-sdk/client-s3');
  try {
    await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: state,
        ContentType: 'application/json',
        ...(replaces === undefined ? { IfNoneMatch: '*' } : { IfMatch: replaces }),
      }),
    );
    return true;
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    // `NoSuchKey`: what it was to replace is deleted.
    if ($metadata?.httpStatusCode === 412 || name === 'NoSuchKey') return false;
    throw error;
  }
}
