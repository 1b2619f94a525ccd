import type { S3Client } from '@aws-sdk/client-s3';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Configuration } from '@platform/tools/preview/configuration';
import type { LiveTarget } from './live-target';
import type { StateResources } from './stateful-types';

/** Where the S3 backend keeps the state of a stack. */
export interface StateLocation {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
}

/** A Terraform state file (format 4), as far as it is looked at. */
export interface TerraformState extends StateResources {
  readonly lineage: string;
  readonly serial: number;
  readonly outputs?: Readonly<Record<string, { readonly value: unknown; readonly sensitive?: boolean }>>;
}

/** A configuration as it was applied last: enough to destroy a stack whose project is no more. */
export interface AppliedConfiguration {
  readonly description: StackDescription;
  /** Content by path, base64. */
  readonly files: Readonly<Record<string, string>>;
}

/** The state that a synthesised configuration names as its own. */
export function stateLocation(configuration: Configuration): StateLocation {
  const { bucket, key, region } = configuration.terraform!.backend!['s3'] as Record<string, string>;
  return { bucket: bucket!, key: key!, region: region! };
}

/** The values of a state's outputs by name. */
export function outputValues({ outputs = {} }: TerraformState): Record<string, unknown> {
  return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
}

/** The buckets of states, read beside Terraform. States themselves are written by Terraform only. */
export class StateStore {
  private readonly clients = new Map<string, Promise<S3Client>>();

  constructor(private readonly target: LiveTarget) {}

  /** The state as it is now; nothing where the stack has none. */
  async read(location: StateLocation): Promise<TerraformState | undefined> {
    const content = await this.get(location, location.key);
    return content === undefined ? undefined : (JSON.parse(content.toString('utf8')) as TerraformState);
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

  async writeApplied(location: StateLocation, applied: AppliedConfiguration): Promise<void> {
    const { PutObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.client(location.region);
    await client.send(
      new PutObjectCommand({
        Bucket: location.bucket,
        Key: appliedKey(location),
        Body: gzipSync(JSON.stringify(applied)),
        ContentType: 'application/gzip',
      }),
    );
  }

  async readApplied(location: StateLocation): Promise<AppliedConfiguration | undefined> {
    const content = await this.get(location, appliedKey(location));
    return content === undefined
      ? undefined
      : (JSON.parse(gunzipSync(content).toString('utf8')) as AppliedConfiguration);
  }

  async removeApplied(location: StateLocation): Promise<void> {
    const { DeleteObjectCommand } = await import('@aws-sdk/client-s3');
    const client = await this.client(location.region);
    await client.send(new DeleteObjectCommand({ Bucket: location.bucket, Key: appliedKey(location) }));
  }

  private async get({ bucket, region }: StateLocation, key: string): Promise<Buffer | undefined> {
    const { GetObjectCommand } = await import('@aws-sdk/client-s3');
    try {
      const client = await this.client(region);
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Buffer.from(await Body!.transformToByteArray());
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

/** Beside the state: `<stack>/configuration.json.gz`. */
function appliedKey({ key }: StateLocation): string {
  return key.replace(/[^/]+$/, 'configuration.json.gz');
}
