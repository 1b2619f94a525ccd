/** The parts of a synthesised `cdk.tf.json` that the tools look at. */
export interface Configuration {
  readonly terraform?: {
    readonly backend?: Readonly<Record<string, unknown>>;
    readonly required_providers?: Readonly<Record<string, { readonly source?: string; readonly version?: string }>>;
  };
  readonly provider?: Readonly<Record<string, readonly ProviderBlock[]>>;
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  readonly locals?: Readonly<Record<string, unknown>>;
  readonly ephemeral?: Readonly<Record<string, unknown>>;
  readonly output?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly import?: ImportBlock | readonly ImportBlock[];
  readonly check?: Readonly<Record<string, CheckBlock | readonly CheckBlock[]>>;
}

/** An `import` block: which object of AWS becomes a resource. Both may be expressions. */
export interface ImportBlock {
  readonly to: string;
  readonly id: string;
}

/** A `check` block, which may have a data source of its own. */
interface CheckBlock {
  readonly data?: NonNullable<Configuration['data']>;
}

/** One `provider` block; several of a provider differ by alias. */
export interface ProviderBlock {
  readonly alias?: string;
  readonly [argument: string]: unknown;
}

/** Addresses of the resources of a configuration, sorted. */
export function resourceAddresses({ resource = {} }: Configuration): string[] {
  return Object.entries(resource)
    .flatMap(([type, blocks]) => Object.keys(blocks).map((name) => `${type}.${name}`))
    .sort();
}

/** Names of the remote states that a configuration reads. */
export function stateReads(configuration: Configuration): string[] {
  return Object.keys(configuration.data?.['terraform_remote_state'] ?? {});
}

/** Where the S3 backend keeps the state of a stack. */
export interface StateLocation {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
}

/** The DynamoDB table by which the S3 backend locks the state as well; nothing where it locks by an object only. */
export function lockTable(configuration: Configuration): string | undefined {
  return (configuration.terraform?.backend?.['s3'] as { readonly dynamodb_table?: string } | undefined)?.dynamodb_table;
}

/** The state that a synthesised configuration names as its own. */
export function stateLocation(configuration: Configuration): StateLocation {
  const { bucket, key, region } = configuration.terraform!.backend!['s3'] as Record<string, string>;
  return { bucket: bucket!, key: key!, region: region! };
}
