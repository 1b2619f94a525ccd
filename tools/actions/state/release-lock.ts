import { WrongUse } from '@platform/libs/settings/problem';
import type { LiveSession } from '@platform/tools/session/live-session';
import { stateLocation } from '@platform/tools/model/configuration';
import { clientOptions } from '@platform/tools/aws/client-options';
import { lockTableOf } from './forget-digest';
import { readLock } from './state-versions';

/**
 * Releases the lock of a state that is damaged. Terraform reads a state before it releases its lock, so it cannot: file and,
 * where the stack has a lock table, item are deleted here, as it would (S3 backend of Terraform 1.11, `RemoteClient.Unlock`).
 * @throws WrongUse when the stack is not locked, or by another lock
 */
export async function releaseLockOfDamaged(session: LiveSession, stack: string, lockId: string): Promise<void> {
  const location = stateLocation(session.configuration(stack));
  const { bucket, key, region } = location;
  const client = await session.options.target.s3(region);
  await session.calling(stack, async () => {
    const held = await readLock(client, location);
    if (held?.id !== lockId) {
      const what = held ? `it is lock ${held.id} of ${held.who}, since ${held.since}` : 'there is none';
      throw new WrongUse(`${stack}: it is not locked by ${lockId}: ${what}; release a lock by its own id`);
    }
    const table = lockTableOf(session, stack);
    if (table) {
      const { DynamoDBClient, DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
      await new DynamoDBClient(await clientOptions(session.options.target, region)).send(
        new DeleteItemCommand({
          TableName: table,
          Key: { LockID: { S: `${bucket}/${key}` } },
          ConditionExpression: 'attribute_not_exists(LockID) OR contains(Info, :id)',
          ExpressionAttributeValues: { ':id': { S: lockId } },
        }),
      );
    }
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: `${key}.tflock` }));
  });
}
