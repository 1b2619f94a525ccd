import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { LiveTarget } from '@platform/tools/aws/live-target';
import { StateStore, type AppliedConfiguration } from '@platform/tools/aws/state-store';
import { bucketCondition } from './bucket-condition';

/** A bucket that holds what was put into it. */
function bucketWith(...keys: string[]) {
  const send = async (command: unknown) => {
    if (command instanceof GetObjectCommand) throw Object.assign(new Error('none'), { name: 'NoSuchKey' });
    if (command instanceof PutObjectCommand) keys.push(command.input.Key!);
    return command instanceof ListObjectsV2Command ? { Contents: keys.map((Key) => ({ Key })) } : {};
  };
  return { keys, client: { send } as unknown as S3Client };
}

const wanted = { bucket: 'states', awsRegion: 'us-east-1' };

test('a bucket with all that a deploy leaves beside a state is one of ours', async () => {
  const key = 'region-us-vpc/terraform.tfstate';
  const { keys, client } = bucketWith(key, `${key}.tflock`);
  const store = new StateStore({ s3: async () => client } as unknown as LiveTarget);
  const location = { bucket: 'states', region: 'us-east-1', key };
  await store.writeBegun(location, {} as AppliedConfiguration, { id: 'a', since: 'now', ended: false });
  await store.writeApplied(location, {} as AppliedConfiguration);
  expect(keys).toHaveLength(4);
  expect(await bucketCondition(wanted, client)).toBe('ours');
});

test.each(['holiday.jpg', 'region-us-vpc/holiday.jpg', 'a/region-us-vpc/terraform.tfstate', 'terraform.tfstate'])(
  'a bucket with %s is used for something else',
  async (key) => {
    expect(await bucketCondition(wanted, bucketWith(key).client)).toMatchObject({
      what: `this bucket is in use for something else: it holds ${key}`,
    });
  },
);
