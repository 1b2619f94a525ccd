import type { S3Client } from '@aws-sdk/client-s3';
import { setMaxListeners } from 'node:events';
import { gunzipSync, gzipSync } from 'node:zlib';
import { printable } from '@platform/tools/workspace/shell-word';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { LiveTarget } from './live-target';
import type { KeptBegun } from '@platform/tools/model/decide-deploy';
import type { PlanBinding } from '@platform/tools/model/plan-record';
import type { StateVersion } from '@platform/tools/model/state';
import { parseState, type TerraformState } from '@platform/tools/model/state';
import type { StateLocation } from '@platform/tools/model/configuration';

/** The object in the place of a state is not a state: damaged, or empty. */
export class UnreadableState extends Error {
  override readonly name = 'UnreadableState';
  readonly exitCode = 1;

  /** @param etag of the object, so that nothing else is replaced */
  constructor(
    { bucket, key }: StateLocation,
    readonly etag: string,
    where = key,
    remedy = 'restore a version of it',
  ) {
    super(`${where}: s3://${bucket}/${key} is not a Terraform state; ${remedy}`);
  }
}

/** Takes an error for a value where it says that a state is damaged. */
export function ifDamaged(error: unknown): UnreadableState {
  if (error instanceof UnreadableState) return error;
  throw error;
}

/** What is stored in the place of a state. */
export interface PresentState {
  readonly state: TerraformState | undefined;
  readonly text: string;
  readonly etag: string;
}

/** A configuration beside the state: enough to destroy a stack whose project is no more. */
export interface KeptConfiguration {
  readonly description: StackDescription;
  /** Content by path, base64. */
  readonly files: Readonly<Record<string, string>>;
}

/** A configuration that was applied to its end, with what came of it. */
export interface AppliedConfiguration extends KeptConfiguration, Pick<PlanBinding, 'upstream'> {
  readonly state: StateVersion;
}

/** The buckets of states, read beside Terraform. States themselves are written by Terraform only. */
export class StateStore {
  private readonly clients = new Map<string, Promise<S3Client>>();
  private readonly closing = new AbortController();

  constructor(private readonly target: LiveTarget) {
    // Every call listens, and the states of all stacks are read at once.
    setMaxListeners(0, this.closing.signal);
  }

  /** Ends calls that nobody waits for any more: they would keep the process. */
  close(): void {
    this.closing.abort();
  }

  /**
   * The state as it is now; nothing where the stack has none.
   * @throws UnreadableState
   */
  async read(location: StateLocation): Promise<TerraformState | undefined> {
    const found = await this.readPresent(location);
    if (found && !found.state) throw new UnreadableState(location, found.etag);
    return found?.state;
  }

  /** What is stored in the place of a state, with its ETag; `state` is absent where it is not a state. */
  async readPresent(location: StateLocation): Promise<PresentState | undefined> {
    const found = await this.get(location, location.key);
    if (found === undefined) return undefined;
    const text = found.content.toString('utf8');
    return { state: parseState(text), text, etag: found.etag };
  }

  /**
   * Time since the state was written last, in seconds; nothing where the stack has none. Both times are of S3's clock: this
   * machine's can be ahead.
   */
  async secondsSinceWrite(location: StateLocation): Promise<number | undefined> {
    return (await this.head(location, location.key))?.ageSec;
  }

  /** Names of the stacks of which a bucket has a state or a begun apply, sorted; nothing where there is no bucket. */
  async stacksIn({ bucket, region }: Omit<StateLocation, 'key'>): Promise<string[]> {
    const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
    const found = new Set<string>();
    try {
      const client = await this.client(region);
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket })) {
        for (const { Key } of page.Contents ?? []) {
          const [stack, name, ...rest] = (Key ?? '').split('/');
          if (stack && rest.length === 0 && (name === stateName || name === begunName)) found.add(stack);
        }
      }
    } catch (error) {
      if ((error as Error).name !== 'NoSuchBucket') throw error;
    }
    return [...found].sort();
  }

  /**
   * Keeps a configuration whose apply is about to begin: a project may be removed before its apply has ended.
   * @returns what puts back what was kept before, unless another apply has begun meanwhile
   */
  async writeBegun(location: StateLocation, begun: KeptConfiguration, mark: KeptBegun): Promise<() => Promise<void>> {
    const key = beside(location, begunName);
    const before = await this.get(location, key);
    const etag = await this.put(location, key, gzipSync(JSON.stringify(begun)), metadataOf(mark));
    return async () => {
      if (before) await this.replace(location, key, etag, before);
      else if ((await this.head(location, key))?.etag === etag) await this.remove(location, key);
    };
  }

  /** Marks the apply that began last as ended, unless it is another one. */
  async endBegun(location: StateLocation, id: string): Promise<void> {
    const key = beside(location, begunName);
    const found = await this.get(location, key);
    if (found?.metadata['id'] !== id) return;
    await this.replace(location, key, found.etag, { ...found, metadata: { ...found.metadata, ended: 'true' } });
  }

  /** The apply that began last; nothing where none did, or where what is kept of it is of an earlier version. */
  async readBegun(location: StateLocation): Promise<KeptBegun | undefined> {
    const { id, since, ended } = (await this.head(location, beside(location, begunName)))?.metadata ?? {};
    return id && since ? { id, since, ended: ended === 'true' } : undefined;
  }

  /** Whether Terraform holds the lock of a state, by its object in the bucket. */
  async isLocked(location: StateLocation): Promise<boolean> {
    return (await this.head(location, `${location.key}.tflock`)) !== undefined;
  }

  /** Whether a state was written there ever: its applied configuration or versions of it are kept. */
  async wasWritten(location: StateLocation): Promise<boolean> {
    if (await this.head(location, beside(location, appliedName))) return true;
    const { ListObjectVersionsCommand } = await import('@aws-sdk/client-s3');
    const { bucket: Bucket, key } = location;
    const client = await this.client(location.region);
    const { Versions = [] } = await client.send(
      new ListObjectVersionsCommand({ Bucket, Prefix: key }),
      this.untilClosed,
    );
    return Versions.some(({ Key }) => Key === key);
  }

  async writeApplied(location: StateLocation, applied: AppliedConfiguration): Promise<void> {
    await this.put(location, beside(location, appliedName), gzipSync(JSON.stringify(applied)));
  }

  /** What was applied to its end last. */
  async readApplied(location: StateLocation): Promise<AppliedConfiguration | undefined> {
    return this.readKept<AppliedConfiguration>(location, appliedName);
  }

  /**
   * What a state was written by: what was applied last, or if the state was changed since, what was begun last.
   * @param state absent where it cannot be read
   */
  async readConfigurationOf(location: StateLocation, state?: StateVersion): Promise<KeptConfiguration | undefined> {
    const applied = await this.readApplied(location);
    if (state && applied?.state.lineage === state.lineage && applied.state.serial === state.serial) return applied;
    return (await this.readKept<KeptConfiguration>(location, begunName)) ?? applied;
  }

  /** After a destroy. The mark of an apply whose end was not seen stays: what only that apply knows may still exist. */
  async removeConfigurations(location: StateLocation): Promise<void> {
    const begun = await this.readBegun(location);
    for (const name of begun && !begun.ended ? [appliedName] : [appliedName, begunName]) {
      await this.remove(location, beside(location, name));
    }
  }

  private async readKept<T extends KeptConfiguration>(location: StateLocation, name: string): Promise<T | undefined> {
    const found = await this.get(location, beside(location, name));
    let kept: T | undefined;
    try {
      kept = found && (JSON.parse(gunzipSync(found.content).toString('utf8')) as T);
    } catch {
      // An unreadable copy counts as missing; the next apply writes a new one.
      return undefined;
    }
    for (const path of Object.keys(kept?.files ?? {})) {
      if (!isBelow(path)) throw new UnsafePath(location, name, path);
    }
    return kept;
  }

  /** Writes over one version of an object; leaves another as it is. */
  private async replace(
    location: StateLocation,
    key: string,
    etag: string,
    { content, metadata }: { readonly content: Buffer; readonly metadata: Readonly<Record<string, string>> },
  ): Promise<void> {
    try {
      await this.put(location, key, content, metadata, etag);
    } catch (error) {
      const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
      if ($metadata?.httpStatusCode !== 412 && name !== 'NoSuchKey') throw error;
    }
  }

  private async put(
    { bucket, region }: StateLocation,
    key: string,
    content: Buffer,
    Metadata: Readonly<Record<string, string>> = {},
    ifMatch?: string,
  ): Promise<string> {
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.client(region);
    const { ETag } = await client.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: content,
        ContentType: 'application/gzip',
        Metadata,
        ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
      }),
      this.untilClosed,
    );
    return ETag!;
  }

  private async remove({ bucket, region }: StateLocation, key: string): Promise<void> {
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.client(region);
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), this.untilClosed);
  }

  private async head({ bucket, region }: StateLocation, key: string) {
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
    const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
    let now = NaN;
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        now = Date.parse((result.response as { headers?: Record<string, string> }).headers?.['date'] ?? '');
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
    try {
      const client = await this.client(region);
      const { ETag, LastModified, Metadata = {} } = await client.send(command, this.untilClosed);
      const ageSec = (now - LastModified!.getTime()) / 1000;
      return { etag: ETag!, ageSec: Number.isNaN(ageSec) ? 0 : Math.max(0, ageSec), metadata: Metadata };
    } catch (error) {
      // The answer to a HEAD request has no body that could name the error.
      if (['NotFound', 'NoSuchKey'].includes((error as Error).name)) return undefined;
      throw error;
    }
  }

  private async get({ bucket, region }: StateLocation, key: string) {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      const client = await this.client(region);
      const {
        Body,
        ETag,
        Metadata = {},
      } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), this.untilClosed);
      return { content: Buffer.from(await Body!.transformToByteArray()), etag: ETag!, metadata: Metadata };
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  private get untilClosed() {
    return { abortSignal: this.closing.signal };
  }

  private client(region: string): Promise<S3Client> {
    const known = this.clients.get(region) ?? this.target.s3(region);
    this.clients.set(region, known);
    return known;
  }
}

/** A configuration beside a state names a file outside of the folder that it is written into. */
export class UnsafePath extends Error {
  override readonly name = 'UnsafePath';
  readonly exitCode = 1;

  constructor(location: StateLocation, name: string, path: string) {
    super(
      `s3://${location.bucket}/${beside(location, name)}: it names the file ${printable(JSON.stringify(path))}, which is outside of the stack's folder; see who has written this object, and restore an older version of it`,
    );
  }
}

/** Whether a path from others stays in the folder that it is joined to. */
function isBelow(path: string): boolean {
  return path !== '' && !/[\\\0]/.test(path) && path.split('/').every((part) => !['', '.', '..'].includes(part));
}

function metadataOf({ id, since, ended }: KeptBegun): Record<string, string> {
  return { id, since, ended: String(ended) };
}

const appliedName = 'configuration.json.gz';
const begunName = 'begun-configuration.json.gz';
const stateName = 'terraform.tfstate';
const namesOfObjects: ReadonlySet<string> = new Set([stateName, `${stateName}.tflock`, appliedName, begunName]);

/** Whether an object is one of those that a bucket of states holds for a stack: its state, the lock, what is kept beside. */
export function isOfStates(key: string): boolean {
  const [stack, name, ...rest] = key.split('/');
  return Boolean(stack) && rest.length === 0 && namesOfObjects.has(name ?? '');
}

/** Beside the state: `<stack>/<name>`. */
function beside({ key }: StateLocation, name: string): string {
  return key.replace(/[^/]+$/, name);
}
