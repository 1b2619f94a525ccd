import type { LiveSession } from '@platform/tools/session/live-session';
import type { StateLocation } from '@platform/tools/model/configuration';
import { clientOptions } from '@platform/tools/aws/client-options';

/**
 * Removes what a lock table remembers of a state's bytes, before the state is written past Terraform or where somebody
 * has done so: Terraform refuses a state that differs from it, and takes one of which nothing is remembered (S3 backend
 * of Terraform 1.11, `RemoteClient.Get` and `putMD5`: item `<bucket>/<key>-md5`, attribute `Digest`). Its next write
 * remembers again. Nothing to do where the stack is locked by a file only.
 */
export async function forgetDigest(
  session: LiveSession,
  stack: string,
  { bucket, key, region }: StateLocation,
): Promise<void> {
  const table = lockTableOf(session, stack);
  if (!table) return;
  const { DynamoDBClient, DeleteItemCommand } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient(await clientOptions(session.options.target, region));
  await client.send(new DeleteItemCommand({ TableName: table, Key: { LockID: { S: `${bucket}/${key}-md5` } } }));
}

/** The lock table of a stack's state; nothing where it is locked by a file only. */
export function lockTableOf(session: LiveSession, stack: string): string | undefined {
  const backend = session.configuration(stack).terraform!.backend!['s3'] as { readonly dynamodb_table?: string };
  return backend.dynamodb_table;
}
