import type { S3Client } from '@aws-sdk/client-s3';
import { websiteBucket } from '@platform/libs/data/names';
import { bucketName } from '@platform/libs/settings/physical-names';
import { WrongUse } from '@platform/libs/settings/problem';
import { Accounts } from '@platform/tools/actions/failover/accounts';
import { defineGameDay } from '@platform/tools/actions/gameday/game-day';
import { servingRegion } from './places';

export default defineGameDay({
  name: 'object-restore',
  title: 'an object that was overwritten and deleted comes back from its version',
  path: 'site',
  loss: 'data',
  measures: 'recovery',
  // One copy inside a bucket; every version is kept, so that nothing is missing.
  hypothesis: () => ({ rtoSec: 60, rpoSec: 0 }),
  acts: async ({ context, before }) => {
    const bucket = websiteBucket(context.environment);
    if (bucket === undefined) throw new WrongUse('dataStores.buckets: none serves a website');
    const { key, awsRegion } = servingRegion(context, before);
    const Bucket = bucketName(context.environment, bucket, key);
    const client = await new Accounts(context).objects('workload', awsRegion);
    // An object of its own: no page of the site is touched.
    const Key = `rehearsals/${new Date().toISOString()}`;
    const good = `as it was at ${Key}`;
    let version: string | undefined;
    return [
      {
        call: `s3:PutObject ${Bucket}/${Key} twice and DeleteObject in ${awsRegion}`,
        run: async () => {
          const { DeleteObjectCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
          ({ VersionId: version } = await client.send(new PutObjectCommand({ Bucket, Key, Body: good })));
          if (version === undefined) throw new Error(`${Bucket}: it keeps no versions`);
          await client.send(new PutObjectCommand({ Bucket, Key, Body: 'overwritten' }));
          await client.send(new DeleteObjectCommand({ Bucket, Key }));
        },
        undo: {
          call: `s3:DeleteObject every version of ${Bucket}/${Key} in ${awsRegion}`,
          run: () => removeVersions(client, Bucket, Key),
        },
      },
      {
        call: `s3:CopyObject ${Bucket}/${Key} from its first version in ${awsRegion}`,
        isRecovery: true,
        run: async () => {
          const { CopyObjectCommand, GetObjectCommand } = await import('@aws-sdk/client-s3');
          const CopySource = `${Bucket}/${encodeURIComponent(Key)}?versionId=${version}`;
          await client.send(new CopyObjectCommand({ Bucket, Key, CopySource }));
          const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
          const found = await Body?.transformToString();
          if (found !== good) throw new Error(`${Bucket}/${Key}: it is "${found}" after the restore, not "${good}"`);
        },
      },
    ];
  },
});

async function removeVersions(client: S3Client, Bucket: string, Prefix: string): Promise<void> {
  const { DeleteObjectCommand, ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix }));
  for (const { Key, VersionId } of [...Versions, ...DeleteMarkers]) {
    await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  }
}
