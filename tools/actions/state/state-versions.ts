import type { S3Client } from '@aws-sdk/client-s3';
import { WrongUse } from '@platform/libs/settings/problem';
import { parseState, type TerraformState } from '@platform/tools/model/state';
import { type StateLocation } from '@platform/tools/model/configuration';

/** One version of a state in its bucket. */
export interface StateVersion {
  readonly versionId: string;
  readonly modified: Date;
  readonly latest: boolean;
  /** Absent for a deletion. `not a state`: the object is not a state. */
  readonly state?: (Pick<TerraformState, 'serial' | 'lineage'> & { readonly resources: number }) | 'not a state';
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
 * A state as it was in a version, with its text.
 * @throws WrongUse when there is no such version, or it is a deletion or not a state
 */
export async function readVersion(
  client: S3Client,
  location: StateLocation,
  versionId: string,
): Promise<{ readonly state: TerraformState; readonly text: string }> {
  const text = await textOf(client, location, versionId);
  const state = parseState(text);
  if (!state) throw refusal(location, versionId, 'it is not a Terraform state');
  return { state, text };
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
