import { fieldsOf, textOf, withFields } from './protobuf';
import { withoutUnusedBlocks, type LeftOutBlocks } from './unused-blocks';

/** Names of the types that a Terraform configuration uses. */
export interface TypeNames {
  readonly resources: ReadonlySet<string>;
  readonly dataSources: ReadonlySet<string>;
  /** What the configuration and its states say of blocks inside types. Default: types are whole. */
  readonly blocks?: BlocksInUse;
}

export interface BlocksInUse {
  /** Every word of the configuration, and names of what is not empty in the states. */
  readonly words: ReadonlySet<string>;
  /** Arguments of a type that expressions read; `*` for a resource as a whole. */
  readonly read: ReadonlyMap<string, ReadonlySet<string>>;
}

/** A schema message, and what its types lack, by name. */
export interface TrimmedSchema {
  readonly message: Buffer;
  readonly leftOut: ReadonlyMap<string, LeftOutBlocks>;
}

/** A provider's answer to `GetSchema`, cut once into the parts that can be left out and the rest. */
export interface SchemaParts {
  /** By type name: the bytes of its entry, with tag and length. */
  readonly resources: ReadonlyMap<string, Buffer>;
  readonly dataSources: ReadonlyMap<string, Buffer>;
  /** Everything else: the provider's own schema, diagnostics, functions, ephemeral types, capabilities. */
  readonly rest: readonly Buffer[];
}

/** Numbers of the two map fields in `tfplugin5.GetProviderSchema.Response` and in its `tfplugin6` twin. */
const RESOURCE_SCHEMAS = 2;
const DATA_SOURCE_SCHEMAS = 3;

/**
 * Cuts the message at its top level; nothing inside an entry but its key is read, so that nothing can get lost.
 * @throws Error when the bytes are not a whole protobuf message.
 */
export function readSchema(message: Buffer): SchemaParts {
  const resources = new Map<string, Buffer>();
  const dataSources = new Map<string, Buffer>();
  const rest: Buffer[] = [];
  for (const { field, start, content, end } of fieldsOf(message)) {
    const bytes = message.subarray(start, end);
    const map = field === RESOURCE_SCHEMAS ? resources : field === DATA_SOURCE_SCHEMAS ? dataSources : undefined;
    if (map) map.set(mapKey(message.subarray(content, end)), bytes);
    else rest.push(bytes);
  }
  return { resources, dataSources, rest };
}

/**
 * Size in bytes from which the unused blocks of a type are left out as well. In provider 5.100 five types of QuickSight and
 * WAF have more than 400,000, and no other has 50,000.
 */
const LARGE_TYPE = 50_000;

/**
 * The message with only the schemas of the named types, the largest of them without the blocks that are not used. Where the
 * provider does not know one of the names, the whole message: Terraform's error then suggests a type that is spelt nearly
 * like it.
 */
export function trimSchema(parts: SchemaParts, types: TypeNames): TrimmedSchema {
  const known =
    [...types.resources].every((name) => parts.resources.has(name)) &&
    [...types.dataSources].every((name) => parts.dataSources.has(name));
  const { resources, dataSources } = known
    ? types
    : { resources: parts.resources.keys(), dataSources: parts.dataSources.keys() };
  const leftOut = new Map<string, LeftOutBlocks>();
  const pick = (names: Iterable<string>, schemas: ReadonlyMap<string, Buffer>) =>
    [...names].sort().map((name) => schemas.get(name)!);
  const trimmed = pick(resources, parts.resources).map((entry) => {
    if (!known || !types.blocks || entry.length < LARGE_TYPE) return entry;
    const less = withoutBlocks(entry, types.blocks);
    if (less) leftOut.set(less.name, less.leftOut);
    return less?.entry ?? entry;
  });
  return { message: Buffer.concat([...parts.rest, ...trimmed, ...pick(dataSources, parts.dataSources)]), leftOut };
}

/** Field of a map entry that holds its value. */
const VALUE = 2;

/** Undefined where an expression reads what blocks would be missing in. */
function withoutBlocks(
  field: Buffer,
  { words, read }: BlocksInUse,
): { readonly entry: Buffer; readonly name: string; readonly leftOut: LeftOutBlocks } | undefined {
  let found: { readonly name: string; readonly leftOut: LeftOutBlocks } | undefined;
  const entry = withFields(field, {
    [RESOURCE_SCHEMAS]: (content) => {
      const name = mapKey(content);
      return withFields(content, {
        [VALUE]: (whole) => {
          const { schema, leftOut } = withoutUnusedBlocks(whole, words);
          const reads = [...(read.get(name) ?? [])];
          if (reads.some((argument) => argument === '*' || leftOut.within.has(argument))) return whole;
          found = { name, leftOut };
          return schema;
        },
      });
    },
  });
  return found && { entry, ...found };
}

function mapKey(entry: Buffer): string {
  return textOf(entry, 1);
}
