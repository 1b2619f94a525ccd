/** One resource or data source of `cdk.tf.json`, without cdktf's metadata. */
// Tests read deep into JSON of 1,400 resource types: a precise type would only need casts.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Block = Record<string, any>;

type BlocksByType = Record<string, Record<string, Block>>;

/** The parts of a synthesised configuration that tests use. */
export interface StackJson {
  readonly resource?: BlocksByType;
  readonly data?: BlocksByType;
  readonly output?: Record<string, Block>;
  readonly provider?: Record<string, Block[]>;
  readonly terraform?: Block;
}

/** Answers questions about the JSON of one stack. Throws if there is no answer, and lists what exists instead. */
export class SynthesisedStack {
  constructor(readonly json: StackJson) {}

  /** Addresses of all resources (`aws_vpc.Vpc_1A2B3C4D`), sorted, without data sources. */
  addresses(): string[] {
    return Object.entries(this.json.resource ?? {})
      .flatMap(([type, blocks]) => Object.keys(blocks).map((name) => `${type}.${name}`))
      .sort();
  }

  /** Construct path of a resource below the stack: `Vpc/PublicSubnet0`. */
  pathOf(address: string): string {
    const [type, name] = address.split('.') as [string, string];
    return pathOf(find(this.json.resource, type, name)[1]);
  }

  /** Number of resources of `type`; 0 proves that there are none. */
  count(type: string): number {
    return Object.keys(this.json.resource?.[type] ?? {}).length;
  }

  /** All resources of `type`, in the order of their names. */
  resources(type: string): Block[] {
    return sortedByName(this.json.resource?.[type]).map(([, block]) => withoutMetadata(block));
  }

  /**
   * One resource of `type`. `name` is its logical id, its construct path below the stack (`Vpc/PublicSubnet0`), or the
   * end of that path; without it there must be exactly one resource of the type.
   */
  resource(type: string, name?: string): Block {
    return withoutMetadata(find(this.json.resource, type, name)[1]);
  }

  /** Terraform's reference to an attribute of a resource: `${aws_vpc.Vpc_1A2B3C4D.id}`. */
  reference(type: string, name?: string, attribute = 'id'): string {
    return `\${${type}.${find(this.json.resource, type, name)[0]}.${attribute}}`;
  }

  /** All data sources of `type`, in the order of their names. */
  dataSources(type: string): Block[] {
    return sortedByName(this.json.data?.[type]).map(([, block]) => withoutMetadata(block));
  }

  /** One data source of `type`; `name` as in {@link resource}. */
  dataSource(type: string, name?: string): Block {
    return withoutMetadata(find(this.json.data, type, name)[1]);
  }

  /** Value by output name. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  outputs(): Record<string, any> {
    return Object.fromEntries(Object.entries(this.json.output ?? {}).map(([name, { value }]) => [name, value]));
  }

  /** Configurations of one provider: the first is the default, others have an alias. */
  providers(name = 'aws'): Block[] {
    return this.json.provider?.[name] ?? [];
  }
}

function find(blocks: BlocksByType | undefined, type: string, name: string | undefined): [string, Block] {
  const candidates = sortedByName(blocks?.[type]);
  const found = candidates.filter(([id, block]) => name === undefined || id === name || endsWith(pathOf(block), name));
  const exact = found.filter(([id, block]) => id === name || pathOf(block) === name);
  const chosen = exact.length > 0 ? exact : found;
  if (chosen.length === 1) return chosen[0]!;
  const there = candidates.map(([id, block]) => pathOf(block) || id).join(', ') || `no ${type}`;
  const what = name === undefined ? `one ${type}` : `${type} ${name}`;
  throw new Error(`${what}: ${chosen.length === 0 ? 'not found' : `${chosen.length} of them`}; there is ${there}`);
}

function sortedByName(blocks: Record<string, Block> | undefined): [string, Block][] {
  return Object.entries(blocks ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Construct path below the stack, from cdktf's metadata. */
function pathOf(block: Block): string {
  const path: string = block['//']?.metadata?.path ?? '';
  return path.slice(path.indexOf('/') + 1);
}

function endsWith(path: string, end: string): boolean {
  return path === end || path.endsWith(`/${end}`);
}

function withoutMetadata(block: Block): Block {
  const { '//': _metadata, ...rest } = block;
  return rest;
}
