import type { S3Client } from '@aws-sdk/client-s3';
import { WrongUse } from '@platform/libs/settings/problem';
import { parseState, type TerraformState } from '@platform/tools/model/state';
import { type StateLocation } from '@platform/tools/model/configuration';

/** One version of a state in its bucket. */
export interface StateVersion {
  readonly versionId: string;
  readonly modified: Date;
  readonly latest: boolean;
  /** Absent for a deletion. `not a state`: what was written there is none. */
  readonly state?: (Pick<TerraformState, 'serial' | 'lineage'> & { readonly resources: number }) | 'not a state';
}

/** Who holds a state's lock, in Terraform's words. */
export interface HeldLock {
  readonly id: string;
  readonly who: string;
  readonly since: string;
  readonly operation: string;
}

/** The newest versions of a state first, deletions among them, at most `limit`; reads each of them. */
export async function listVersions(client: S3Client, location: StateLocation, limit: number): Promise<StateVersion[]> {
  const { ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
  const { bucket: Bucket, key } = location;
  const { Versions = [], DeleteMarkers = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket, Prefix: key }),
  );
  const entries = [
    ...Versions.map((entry) => ({ ...entry, deletion: false })),
    ...DeleteMarkers.map((entry) => ({ ...entry, deletion: true })),
  ]
    .filter(({ Key }) => Key === key)
    .sort((a, b) => Number(b.IsLatest) - Number(a.IsLatest) || b.LastModified!.getTime() - a.LastModified!.getTime())
    .slice(0, limit);
  return Promise.all(
    entries.map(async ({ VersionId, LastModified, IsLatest, deletion }) => {
      const version = { versionId: VersionId!, modified: LastModified!, latest: IsLatest === true };
      if (deletion) return version;
      const state = parseState(await textOf(client, location, version.versionId));
      if (!state) return { ...version, state: 'not a state' as const };
      const { serial, lineage, resources = [] } = state;
      return { ...version, state: { serial, lineage, resources: resources.length } };
    }),
  );
}

/**
 * A state as it was in a version.
 * @throws WrongUse when there is no such version, or it is a deletion or no state
 */
export async function readVersion(
  client: S3Client,
  location: StateLocation,
  versionId: string,
): Promise<TerraformState & Record<string, unknown>> {
  const state = parseState(await textOf(client, location, versionId));
  if (!state) throw refusal(location, versionId, 'it is no Terraform state');
  return state;
}

async function textOf(client: S3Client, location: StateLocation, versionId: string): Promise<string> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  const { bucket, key } = location;
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    return await Body!.transformToString();
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
    if (status >= 400 && status < 500 && status !== 403) throw refusal(location, versionId, 'there is no such version');
    throw error;
  }
}

function refusal({ bucket, key }: StateLocation, versionId: string, what: string): WrongUse {
  return new WrongUse(`version ${versionId} of s3://${bucket}/${key}: ${what}; choose one that \`state list\` shows`);
}

/** Something lies where a lock should, and is none: Terraform takes it for one, and cannot release it. */
export class UnreadableLock extends Error {
  override readonly name = 'UnreadableLock';
  readonly exitCode = 1;

  constructor(bucket: string, key: string) {
    super(
      `s3://${bucket}/${key}: it is no lock of Terraform, and keeps everybody out; make sure that nobody works with the state, then delete it: aws s3 rm s3://${bucket}/${key}`,
    );
  }
}

function parseLock(text: string): Record<string, string> | undefined {
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch {
    return undefined;
  }
}

/**
 * The lock of a state, if somebody holds it.
 * @throws UnreadableLock
 */
export async function readLock(client: S3Client, { bucket, key }: StateLocation): Promise<HeldLock | undefined> {
  const { GetObjectCommand } = await import('@aws-sdk/client-s3');
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: `${key}.tflock` }));
    const lock = parseLock(await Body!.transformToString());
    if (!lock) throw new UnreadableLock(bucket, `${key}.tflock`);
    return {
      id: lock['ID'] ?? '',
      who: lock['Who'] ?? 'somebody',
      since: lock['Created'] ?? 'an unknown time',
      operation: lock['Operation'] ?? 'unknown operation',
    };
  } catch (error) {
    if (['NoSuchKey', 'NoSuchBucket'].includes((error as Error).name)) return undefined;
    throw error;
  }
}
