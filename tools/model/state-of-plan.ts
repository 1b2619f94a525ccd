import type { Configuration } from './configuration';
import { hasTrue, type PlanJson, type ResourceChange } from './plan';
import type { SchemaBlock, TypeSchemas } from './schema';
import { addressOf } from './state';

/*
 * The state that applying a stack would leave, offline. What only AWS knows is made up, the same wherever it is referred
 * to, so that a later plan with `-refresh=false` finds every argument as it was applied.
 */

/** Part of every made-up id, name and ARN. */
export const MADE_UP = 'madeup';

/** Blocks whose expressions are looked at; not `depends_on` and the like, which are addresses without being expressions. */
const SETTLED = ['resource', 'data', 'locals', 'output', 'ephemeral'] as const;

/**
 * A configuration whose references to what only AWS knows are replaced by made-up values: a plan of it knows every
 * argument. An attribute that stands in the configuration of what is referred to is left to Terraform, and so is one of
 * an instance that an expression chooses.
 */
export function withMadeUpReferences(configuration: Configuration, { resources }: TypeSchemas): Configuration {
  const keys = keysRead(configuration);
  return withReferences(configuration, (whole, { data, type, name, index, attribute }) => {
    const given = configuration.resource?.[type]?.[name];
    if (data || !given || Object.hasOwn(given, attribute) || !literalIndex.test(index)) return whole;
    const owner = `${type}.${name}${index}`;
    const of = resources[type]?.block.attributes?.[attribute]?.type;
    return JSON.stringify(madeUp(of, attribute, owner, keys(type, name, attribute)));
  });
}

/**
 * A configuration without the data sources that ask AWS: what refers to one refers to a made-up value instead. Terraform
 * reads such a data source while it plans as soon as the values that it depends on are in the state.
 */
export function withoutReads(configuration: Configuration, { dataSources }: TypeSchemas): Configuration {
  const keys = keysRead(configuration);
  const settled = withReferences(configuration, (whole, { data, type, name, index, attribute }) =>
    data && asks(type)
      ? JSON.stringify(
          madeUp(
            dataSources[type]?.block.attributes?.[attribute]?.type,
            attribute,
            `${type}.${name}${index}`,
            keys(type, name, attribute),
          ),
        )
      : whole,
  );
  const { data = {}, ...rest } = settled;
  const kept = Object.entries(data).filter(([type]) => !asks(type));
  // Terraform refuses an empty block of them.
  return kept.length > 0 ? { ...rest, data: Object.fromEntries(kept) } : rest;
}

const asks = (type: string) => type.startsWith('aws_') && !answeredOffline.test(type);

/** Whether a configuration has data sources that ask AWS. */
export function asksAws({ data = {} }: Configuration): boolean {
  return Object.keys(data).some(asks);
}

/** Data sources that the provider answers by itself (`arn`, `iam_policy_document` and the like ask no endpoint). */
const answeredOffline = /^aws_(arn|iam_policy_document|partition|region|service_principal)$/;

interface Reference {
  readonly data: boolean;
  readonly type: string;
  readonly name: string;
  /** `[0]`, `["a"]`, or nothing. */
  readonly index: string;
  readonly attribute: string;
}

const reference = /(\bdata\.)?\b([a-z]\w*)\.([A-Za-z_][\w-]*)((?:\[[^\]]*\])?)\.(\w+)/g;

/** What is read of an attribute by key: `outputs.Id`, `outputs["Id"]`, `lookup(….outputs, "Id")`, in JSON. */
const readByKey =
  /(lookup\()?(?:\bdata\.)?\b([a-z]\w*)\.([A-Za-z_][\w-]*)(?:\[[^\]]*\])?\.(\w+)(?:\.([A-Za-z_][\w-]*)|\[\\"([^"\\]+)\\"\]|, *\\"([^"\\]+)\\")/g;

/** The keys that a configuration reads of an attribute: a made-up map has to have these. */
function keysRead(configuration: Configuration): (type: string, name: string, attribute: string) => readonly string[] {
  const found = new Map<string, Set<string>>();
  const matches = JSON.stringify(configuration).matchAll(readByKey);
  for (const [, lookup, type, name, attribute, word, quoted, looked] of matches) {
    const key = word ?? quoted ?? (lookup ? looked : undefined);
    if (key === undefined) continue;
    const address = `${type}.${name}.${attribute}`;
    found.set(address, (found.get(address) ?? new Set()).add(key));
  }
  return (type, name, attribute) => [...(found.get(`${type}.${name}.${attribute}`) ?? [])];
}

const literalIndex = /^(\[(\d+|"[^"$]*")\])?$/;

function withReferences(
  configuration: Configuration,
  replace: (whole: string, reference: Reference) => string,
): Configuration {
  const settle = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(settle);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, settle(inside)]));
    }
    if (typeof value !== 'string' || !value.includes('${')) return value;
    return value.replace(
      reference,
      (whole, data: string | undefined, type: string, name: string, index: string, attribute: string) =>
        replace(whole, { data: data !== undefined, type, name, index, attribute }),
    );
  };
  const settled = SETTLED.filter((kind) => configuration[kind] !== undefined);
  return { ...configuration, ...Object.fromEntries(settled.map((kind) => [kind, settle(configuration[kind])])) };
}

export interface StateOfPlanOptions {
  /** A plan of {@link withMadeUpReferences}, or one on the state that came of such a plan. */
  readonly plan: PlanJson;
  /** The configuration as it is: it says which provider makes a resource, and what others refer to. */
  readonly configuration: Configuration;
  readonly schemas: TypeSchemas;
  /** The state on which that was planned, for what the plan does not know. */
  readonly former?: MadeUpState;
  /** What AWS says otherwise than planned, by address. */
  readonly overrides?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A state file (format 4), as far as it matters here. */
export interface MadeUpState {
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
  readonly resources: readonly {
    readonly module?: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly MadeUpInstance[];
  }[];
}

interface MadeUpInstance {
  readonly index_key?: string | number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The state with everything that a plan makes or keeps, and its outputs. */
export function stateOfPlan(options: StateOfPlanOptions): MadeUpState {
  const { plan, configuration, schemas, former, overrides = {} } = options;
  const referred = new Set(JSON.stringify(configuration).match(/\b[a-z]\w*\.[A-Za-z_][\w-]*(\[[^\]]*\])?\.\w+/g));
  const keys = keysRead(configuration);
  const before = new Map<string, unknown>(
    former?.resources.flatMap((resource) =>
      resource.instances.map((instance) => [addressOf(resource, instance), instance.attributes] as const),
    ),
  );
  const kept = (plan.resource_changes ?? []).filter(
    ({ mode, deposed, change }) => mode === 'managed' && !deposed && change.actions.join() !== 'delete',
  );
  const grouped = new Map<
    string,
    Omit<MadeUpState['resources'][number], 'instances'> & { instances: MadeUpInstance[] }
  >();
  for (const { address, type, change, ...resource } of kept) {
    const name = resource.name ?? address.slice(type.length + 1).split('[')[0]!;
    const schema = schemas.resources[type];
    if (!schema) throw new Error(`${address}: its type has no schema`);
    const isNeeded = (attribute: string) =>
      /^(id|arn)$/.test(attribute) ||
      referred.has(`${type}.${name}.${attribute}`) ||
      referred.has(`${address}.${attribute}`.replaceAll('"', '\\"'));
    const ask = (attribute: string, of: unknown, part = attribute) =>
      isNeeded(attribute) ? madeUp(of, part, address, keys(type, name, attribute)) : empty(of);
    const attributes = blockOf(schema.block, change.after, change.after_unknown, before.get(address), ask);
    const { module_address: module } = resource;
    const owner = `${module ?? ''}.${type}.${name}`;
    const group = grouped.get(owner) ?? {
      ...(module ? { module } : {}),
      mode: 'managed',
      type,
      name,
      provider: providerOf(configuration, type, name, resource.provider_name),
      instances: [] as MadeUpInstance[],
    };
    group.instances.push({
      ...(resource.index === undefined ? {} : { index_key: resource.index }),
      schema_version: schema.version,
      attributes: { ...attributes, ...overrides[address] },
      sensitive_attributes: sensitivePaths(change.after_sensitive),
    } as MadeUpInstance);
    grouped.set(owner, group);
  }
  const file = {
    version: 4,
    terraform_version: '1.11.0',
    serial: 1,
    lineage: '00000000-0000-0000-0000-000000000001',
    outputs: outputsOf(plan),
    resources: [...grouped.values()],
    check_results: null,
  };
  return file;
}

/** Outputs whose values the plan knows, as a state keeps them. */
function outputsOf({ output_changes = {} }: PlanJson): MadeUpState['outputs'] {
  return Object.fromEntries(
    Object.entries(output_changes)
      .filter(([, { after, after_unknown }]) => after !== undefined && after !== null && !hasTrue(after_unknown))
      .map(([name, { after, after_sensitive }]) => [
        name,
        { value: after, type: typeOf(after), ...(hasTrue(after_sensitive) ? { sensitive: true } : {}) },
      ]),
  );
}

/** Marks of the attributes that are sensitive as a whole, as a state has them. */
function sensitivePaths(marks: unknown): unknown[] {
  if (typeof marks !== 'object' || marks === null) return [];
  return Object.entries(marks).flatMap(([value, mark]) => (mark === true ? [[{ type: 'get_attr', value }]] : []));
}

function providerOf(
  { resource }: Configuration,
  type: string,
  name: string,
  provider = type === 'terraform_data' ? 'terraform.io/builtin/terraform' : 'registry.terraform.io/hashicorp/aws',
): string {
  const alias = /^aws\.(.+)$/.exec(String(resource?.[type]?.[name]?.['provider'] ?? ''))?.[1];
  return `provider["${provider}"]${alias ? `.${alias}` : ''}`;
}

/** The planned values of a block: where one is unknown, that of `former`, else what `ask` says. */
function blockOf(
  schema: SchemaBlock,
  after: unknown,
  unknown: unknown,
  former: unknown,
  ask: (attribute: string, type: unknown, part?: string) => unknown,
): Record<string, unknown> {
  const attributes = Object.entries(schema.attributes ?? {}).map(([name, { type }]) => {
    const value = part(after, name);
    const mark = part(unknown, name);
    if (mark === true) return [name, part(former, name) ?? ask(name, type)] as const;
    return [
      name,
      type === 'dynamic' ? withType(value) : known(value, mark, (of, key) => ask(name, of, key), type),
    ] as const;
  });
  const blocks = Object.entries(schema.block_types ?? {}).map(([name, { nesting_mode, block }]) => {
    const value = part(after, name);
    const list = (Array.isArray(value) ? value : value === null ? [] : [value]) as unknown[];
    const filled = list.map((each, index) => {
      const inner = (whole: unknown) => (Array.isArray(whole) ? (whole[index] as unknown) : whole);
      return blockOf(block, each, inner(part(unknown, name)), inner(part(former, name)), (_, of) => empty(of));
    });
    return [name, nesting_mode === 'single' ? (filled[0] ?? null) : filled] as const;
  });
  return Object.fromEntries([...attributes, ...blocks]);
}

function part(whole: unknown, name: string): unknown {
  return (whole as Record<string, unknown> | null | undefined)?.[name] ?? null;
}

/** A value whose unknown parts are as `ask` says; an element of a list that it says nothing of is left out. */
function known(
  value: unknown,
  unknown: unknown,
  ask: (type: unknown, key?: string) => unknown,
  type: unknown,
  key?: string,
): unknown {
  if (unknown === true) return ask(type, key);
  const [kind, of] = (Array.isArray(type) ? type : []) as [string?, unknown?];
  if (Array.isArray(value) && Array.isArray(unknown)) {
    const filled = value.map((each, index) => known(each, unknown[index], ask, of, key));
    return filled.filter((each, index) => unknown[index] !== true || each !== null);
  }
  if (typeof unknown === 'object' && unknown !== null && typeof value === 'object' && value !== null) {
    const marks = unknown as Record<string, unknown>;
    const names = new Set([...Object.keys(value), ...Object.keys(marks)]);
    const typeOfPart = (name: string) => (kind === 'object' ? (of as Record<string, unknown>)[name] : of);
    return Object.fromEntries(
      [...names].map((name) => [
        name,
        known((value as Record<string, unknown>)[name], marks[name], ask, typeOfPart(name), name),
      ]),
    );
  }
  return value;
}

/**
 * Made-up values of attributes whose form the provider checks where they are referred to. Addresses and ranges are those
 * for documentation (RFC 5737, RFC 3849).
 */
const shapes: readonly (readonly [name: RegExp, value: string])[] = [
  // Of `domain_validation_options` of a certificate: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
  [/^resource_record_type$/, 'CNAME'],
  [/ipv6_cidr(_block)?$/, '2001:db8::/56'],
  [/cidr(_block)?$/, '192.0.2.0/24'],
  [/^ipv6_address$/, '2001:db8::1'],
  [/(^|_)(ip|ip_address)$/, '192.0.2.1'],
  [/(^|_)(owner|account|owner_account)_id$/, '000000000000'],
];

/**
 * Of types as Terraform writes them: a word, or a list of a word and what it is made of.
 * @param keys of a map
 */
function madeUp(type: unknown, name: string, owner: string, keys: readonly string[] = []): unknown {
  if (type === 'number') return 1;
  if (type === 'bool') return false;
  if (Array.isArray(type)) {
    const [kind, of] = type as [string, unknown];
    if (kind === 'list' || kind === 'set') return [madeUp(of, name, owner)];
    if (kind === 'map') return Object.fromEntries(keys.map((key) => [key, madeUp(of, key, owner)]));
    return Object.fromEntries(
      Object.entries(of as Record<string, unknown>).map(([key, each]) => [key, madeUp(each, key, owner)]),
    );
  }
  const wellFormed = shapes.find(([pattern]) => pattern.test(name));
  if (wellFormed) return wellFormed[1];
  const words = `${owner.replaceAll(/[^A-Za-z0-9]+/g, '-')}-${name}`.toLowerCase();
  if (/arns?$/.test(name)) return `arn:aws:${MADE_UP}:us-east-1:000000000000:${words}`;
  if (owner.startsWith('aws_launch_template.') && name === 'id') return `lt-${MADE_UP}${words.replaceAll('-', '')}`;
  // A bucket takes a name of 63 characters, Resolver an id of 64; the end tells resources apart.
  return `${MADE_UP}-${name === 'id' ? words.slice(MADE_UP.length + 1 - 63).replace(/^-+/, '') : words}`;
}

/** What AWS says where there is nothing to say. */
function empty(type: unknown): unknown {
  return Array.isArray(type) ? (type[0] === 'map' ? {} : type[0] === 'object' ? null : []) : null;
}

/** A value of an attribute that may be of any type, with the one it has. */
function withType(value: unknown): unknown {
  return value === null ? null : { value, type: typeOf(value) };
}

function typeOf(value: unknown): unknown {
  if (value === null) return 'dynamic';
  if (Array.isArray(value)) return ['tuple', value.map(typeOf)];
  if (typeof value === 'object' && value !== null) {
    return ['object', Object.fromEntries(Object.entries(value).map(([key, each]) => [key, typeOf(each)]))];
  }
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Names of the arguments that a change moves to another value; nothing, zero and the like are one. */
export function movedArguments({ change }: Pick<ResourceChange, 'change'>): string[] {
  const { before, after } = change as {
    before?: Record<string, unknown> | null;
    after?: Record<string, unknown> | null;
  };
  const text = (value: unknown) => JSON.stringify(withoutNothing(value));
  return Object.keys(after ?? {}).filter((name) => text(after?.[name]) !== text(before?.[name]));
}

function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(withoutNothing);
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value)
      .map(([name, inside]) => [name, withoutNothing(inside)] as const)
      .filter(([, inside]) => inside !== undefined);
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  }
  return value === null || value === '' || value === 0 || value === false ? undefined : value;
}
