import type { S3Client } from '@aws-sdk/client-s3';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { LiveTarget } from './live-target';
import type { PlanBinding } from '@platform/tools/model/plan-record';
import type { StateVersion } from '@platform/tools/model/state';
import { parseState, type TerraformState } from '@platform/tools/model/state';
import type { StateLocation } from '@platform/tools/model/configuration';

/** Something lies where a state should, and is none: nonsense, or nothing at all. */
export class UnreadableState extends Error {
  override readonly name = 'UnreadableState';
  readonly exitCode = 1;

  /** @param etag of what lies there, so that nothing else is replaced */
  constructor(
    { bucket, key }: StateLocation,
    readonly etag: string,
    where = key,
    remedy = 'restore a version of it',
  ) {
    super(`${where}: what lies in s3://${bucket}/${key} is no Terraform state; ${remedy}`);
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

  constructor(private readonly target: LiveTarget) {}

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

  /** When the state was written last; nothing where the stack has none. */
  async writtenAt({ bucket, key, region }: StateLocation): Promise<Date | undefined> {
    const { HeadObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      const client = await this.client(region);
      return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).LastModified;
    } catch (error) {
      if (['NotFound', 'NoSuchKey'].includes((error as Error).name)) return undefined;
      throw error;
    }
  }

  /** Names of the stacks that have a state in a bucket, sorted; nothing where there is no bucket. */
  async stacksIn({ bucket, region }: Omit<StateLocation, 'key'>): Promise<string[]> {
    const { paginateListObjectsV2 } = await import('@aws-sdk/client-s3');
    const found: string[] = [];
    try {
      const client = await this.client(region);
      for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket })) {
        for (const { Key } of page.Contents ?? []) {
          const stack = /^([^/]+)\/terraform\.tfstate$/.exec(Key ?? '')?.[1];
          if (stack) found.push(stack);
        }
      }
    } catch (error) {
      if ((error as Error).name !== 'NoSuchBucket') throw error;
    }
    return found.sort();
  }

  /** Keeps a configuration whose apply is about to begin: what it makes must not outlive the memory of how. */
  async writeBegun(location: StateLocation, begun: KeptConfiguration): Promise<void> {
    await this.put(location, beside(location, begunName), gzipSync(JSON.stringify(begun)));
  }

  async writeApplied(location: StateLocation, applied: AppliedConfiguration): Promise<void> {
    await this.put(location, beside(location, appliedName), gzipSync(JSON.stringify(applied)));
  }

  /** What was applied to its end last. */
  async readApplied(location: StateLocation): Promise<AppliedConfiguration | undefined> {
    return this.readKept<AppliedConfiguration>(location, appliedName);
  }

  /**
   * What a state was written by: what was applied last, or where somebody has changed the state since, what was begun last.
   * @param state nothing where nobody can read it
   */
  async readConfigurationOf(location: StateLocation, state?: StateVersion): Promise<KeptConfiguration | undefined> {
    const applied = await this.readApplied(location);
    if (state && applied?.state.lineage === state.lineage && applied.state.serial === state.serial) return applied;
    return (await this.readKept<KeptConfiguration>(location, begunName)) ?? applied;
  }

  async removeConfigurations(location: StateLocation): Promise<void> {
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.client(location.region);
    for (const name of [appliedName, begunName]) {
      await client.send(new DeleteObjectCommand({ Bucket: location.bucket, Key: beside(location, name) }));
    }
  }

  private async readKept<T>(location: StateLocation, name: string): Promise<T | undefined> {
    const found = await this.get(location, beside(location, name));
    try {
      return found && (JSON.parse(gunzipSync(found.content).toString('utf8')) as T);
    } catch {
      // What is damaged is as good as none: the next apply keeps one again.
      return undefined;
    }
  }

  private async put({ bucket, region }: StateLocation, key: string, content: Buffer): Promise<void> {
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.client(region);
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: content, ContentType: 'application/gzip' }),
    );
  }

  private async get({ bucket, region }: StateLocation, key: string) {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      const client = await this.client(region);
      const { Body, ETag } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return { content: Buffer.from(await Body!.transformToByteArray()), etag: ETag! };
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  private client(region: string): Promise<S3Client> {
    const known = this.clients.get(region) ?? this.target.s3(region);
    this.clients.set(region, known);
    return known;
  }
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
