/** Names of the types that a Terraform configuration uses. */
export interface TypeNames {
  readonly resources: ReadonlySet<string>;
  readonly dataSources: ReadonlySet<string>;
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
 * The message with only the schemas of the named types. Where the provider does not know one of the names, the whole
 * message: Terraform's error then suggests a type that is spelt nearly like it.
 */
export function trimSchema(parts: SchemaParts, types: TypeNames): Buffer {
  const known =
    [...types.resources].every((name) => parts.resources.has(name)) &&
    [...types.dataSources].every((name) => parts.dataSources.has(name));
  const { resources, dataSources } = known
    ? types
    : { resources: parts.resources.keys(), dataSources: parts.dataSources.keys() };
  const pick = (names: Iterable<string>, schemas: ReadonlyMap<string, Buffer>) =>
    [...names].sort().map((name) => schemas.get(name)!);
  return Buffer.concat([...parts.rest, ...pick(resources, parts.resources), ...pick(dataSources, parts.dataSources)]);
}

interface Field {
  readonly field: number;
  /** Where its tag starts, where what it holds starts, and the first byte behind it. */
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

function* fieldsOf(message: Buffer): Generator<Field> {
  for (let position = 0; position < message.length; ) {
    const start = position;
    const tag = varint(message, position);
    let content = tag.next;
    let end: number;
    switch (tag.value & 7) {
      case 0:
        end = varint(message, content).next;
        break;
      case 1:
        end = content + 8;
        break;
      case 2: {
        const length = varint(message, content);
        content = length.next;
        end = content + length.value;
        break;
      }
      case 5:
        end = content + 4;
        break;
      default:
        throw malformed(start);
    }
    if (end > message.length) throw malformed(start);
    yield { field: tag.value >>> 3, start, content, end };
    position = end;
  }
}

function mapKey(entry: Buffer): string {
  for (const { field, content, end } of fieldsOf(entry)) if (field === 1) return entry.toString('utf8', content, end);
  return '';
}

/** Lengths and tags fit 32 bits: gRPC's own limit for a message is lower. */
function varint(message: Buffer, position: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 10; index++) {
    const byte = message[position + index];
    if (byte === undefined) break;
    if (index < 5) value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return { value, next: position + index + 1 };
  }
  throw malformed(position);
}

function malformed(position: number): Error {
  return new Error(
    `provider schema: byte ${position} of the provider's answer starts no protobuf field; plan without the shared provider`,
  );
}
