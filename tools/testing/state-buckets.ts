import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Emulator } from '@platform/tools/emulator/profile';

/** Makes the buckets that stacks of `prod` keep their states in, bare: tests of what happens later need no bootstrap. */
export async function makeStateBuckets({ endpoint }: Pick<Emulator, 'endpoint'>): Promise<void> {
  const credentials = { accessKeyId: 'emulator', secretAccessKey: 'emulator' };
  for (const [region, key, place] of [
    ['us-east-1', 'us', {}],
    ['ap-northeast-2', 'ap', { CreateBucketConfiguration: { LocationConstraint: 'ap-northeast-2' as const } }],
  ] as const) {
    const client = new S3Client({ region, endpoint, credentials, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: `example-prod-terraform-state-${key}`, ...place }));
  }
}
