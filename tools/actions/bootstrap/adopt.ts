import type { Configuration } from '@platform/tools/model/configuration';
import type { TerraformState } from '@platform/tools/model/state';
import type { ClientOptions } from '@platform/tools/aws/client-options';

/** Something that exists and that Terraform is told to take over instead of making it. */
export interface Import {
  /** Address in the configuration. */
  readonly to: string;
  /** What the provider knows it by. */
  readonly id: string;
}

type Arguments = Readonly<Record<string, unknown>>;
type Finder = (block: Arguments, options: ClientOptions) => Promise<string | undefined>;

/**
 * Types of which a second one cannot be made under the same name, or must not be made: how to see that one exists.
 * Everything else of the state stack is a property of these, and made again without harm.
 */
const finders: Readonly<Record<string, Finder>> = {
  aws_s3_bucket: async ({ bucket }, options) => {
    const { S3Client, HeadBucketCommand } = await import('@aws-sdk/client-s3');
    const client = new S3Client({ ...options, forcePathStyle: options.endpoint !== undefined });
    return unlessMissing(async () => {
      await client.send(new HeadBucketCommand({ Bucket: bucket as string }));
      return bucket as string;
    });
  },
  aws_kms_key: async ({ description }, options) => {
    const { KMSClient, DescribeKeyCommand, paginateListKeys } = await import('@aws-sdk/client-kms');
    const client = new KMSClient(options);
    const found: { readonly id: string; readonly made: number }[] = [];
    for await (const { Keys = [] } of paginateListKeys({ client }, {})) {
      for (const { KeyId } of Keys) {
        const { KeyMetadata: key } = await client.send(new DescribeKeyCommand({ KeyId })).catch((error: Error) => {
          // A key of another owner, whose policy hides it. An earlier bootstrap did not create it.
          if (error.name === 'AccessDeniedException') return { KeyMetadata: undefined };
          throw error;
        });
        if (key?.KeyManager !== 'CUSTOMER' || key.KeyState !== 'Enabled' || key.Description !== description) continue;
        found.push({ id: KeyId!, made: key.CreationDate?.getTime() ?? 0 });
      }
    }
    // The oldest: what a bucket is encrypted with already, if several attempts were killed.
    return found.sort((a, b) => a.made - b.made)[0]?.id;
  },
  aws_kms_alias: async ({ name }, options) => {
    const { KMSClient, paginateListAliases } = await import('@aws-sdk/client-kms');
    for await (const { Aliases = [] } of paginateListAliases({ client: new KMSClient(options) }, {})) {
      if (Aliases.some(({ AliasName }) => AliasName === name)) return name as string;
    }
    return undefined;
  },
  aws_iam_role: async ({ name }, options) => {
    const { IAMClient, GetRoleCommand } = await import('@aws-sdk/client-iam');
    return unlessMissing(async () => {
      await new IAMClient(options).send(new GetRoleCommand({ RoleName: name as string }));
      return name as string;
    });
  },
  aws_dynamodb_table: async ({ name }, options) => {
    const { DynamoDBClient, DescribeTableCommand } = await import('@aws-sdk/client-dynamodb');
    return unlessMissing(async () => {
      await new DynamoDBClient(options).send(new DescribeTableCommand({ TableName: name as string }));
      return name as string;
    });
  },
};

/**
 * What of a configuration exists already and is not in its state: left by an attempt that was killed before it had
 * written down what it made, or whose state was lost.
 */
export async function findUnmanaged(
  configuration: Configuration,
  state: TerraformState | undefined,
  options: (awsRegion: string) => Promise<ClientOptions>,
): Promise<Import[]> {
  const known = new Set(state?.resources?.map(({ type, name }) => `${type}.${name}`));
  const found: Import[] = [];
  for (const [type, find] of Object.entries(finders)) {
    for (const [name, block] of Object.entries(configuration.resource?.[type] ?? {})) {
      const to = `${type}.${name}`;
      const id = known.has(to) ? undefined : await find(block, await options(regionOf(configuration, block)));
      if (id) found.push({ to, id });
    }
  }
  return found;
}

/** AWS region of the provider that makes a resource. */
export function regionOf(configuration: Configuration, block: Arguments): string {
  const alias = /^aws\.(.+)$/.exec(String(block['provider'] ?? ''))?.[1];
  const provider = configuration.provider?.['aws']?.find((each) => each.alias === alias);
  return provider!['region'] as string;
}

async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    const { name, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    if ($metadata?.httpStatusCode === 404 || /NotFound|NoSuch/.test(name)) return undefined;
    throw error;
  }
}
