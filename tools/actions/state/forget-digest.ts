import type { LiveSession } from '@platform/tools/session/live-session';
import { lockTable, type StateLocation } from '@platform/tools/model/configuration';
import { clientOptions } from '@platform/tools/aws/client-options';

/**
 * Removes the digest of a state from the lock table, before the state is written past Terraform or where another has done
 * so: Terraform refuses a state that differs from its digest, and accepts one without (S3 backend of Terraform 1.11,
 * `RemoteClient.Get` and `putMD5`: item `<bucket>/<key>-md5`, attribute `Digest`). Its next write adds the digest again.
 * Hold the lock of the state. Does nothing where the stack has no lock table.
 */
export async function forgetDigest(
  session: LiveSession,
  stack: string,
  { bucket, key, region }: StateLocation,
): Promise<void> {
  const table = lockTable(session.stacks.configuration(stack));
  if (!table) return;
  const { DynamoDBClient, DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient(await clientOptions(session.options.target, region));
  await client.send(new DeleteItemCommand({ TableName: table, Key: { LockID: { S: `${bucket}/${key}-md5` } } }));
}
