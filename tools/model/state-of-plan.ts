import type { Configuration } from './configuration';
import type { PlanJson, ResourceChange } from './plan';
import type { ResourceSchemas, SchemaBlock } from './schema';

/*
 * The state that applying a stack would leave, offline. What only AWS knows is made up, the same wherever it is referred
 * to, so that a later plan with `-refresh=false` finds every argument as it was applied.
 */

/**
 * A configuration whose references to what only AWS knows are replaced by made-up values: a plan of it knows every
 * argument. An attribute that stands in the configuration of what is referred to is left to Terraform.
 */
export function withMadeUpReferences(configuration: Configuration, schemas: ResourceSchemas): Configuration {
  const settle = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(settle);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, settle(inside)]));
    }
    if (typeof value !== 'string' || !value.includes('${')) return value;
    return value.replace(
      reference,
      (whole, data: string | undefined, type: string, name: string, attribute: string) => {
        const given = configuration.resource?.[type]?.[name];
        if (data || !given || Object.hasOwn(given, attribute)) return whole;
        return JSON.stringify(madeUp(schemas[type]?.block.attributes?.[attribute]?.type, attribute, `${type}.${name}`));
      },
    );
  };
  // Not `depends_on` and the like, which are addresses without being expressions.
  return { ...configuration, resource: settle(configuration.resource ?? {}) as NonNullable<Configuration['resource']> };
}

const reference = /(\bdata\.)?\b([a-z]\w*)\.([A-Za-z_][\w-]*)\.(\w+)/g;

export interface StateOfPlanOptions {
  /** A plan of {@link withMadeUpReferences}, or one on the state that came of such a plan. */
  readonly plan: PlanJson;
  /** The configuration as it is: it says which provider makes a resource, and what others refer to. */
  readonly configuration: Configuration;
  readonly schemas: ResourceSchemas;
  /** The state on which that was planned, for what the plan does not know. */
  readonly former?: MadeUpState;
  /** What AWS says otherwise than planned, by address. */
  readonly overrides?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** A state file (format 4), as far as it matters here. */
export interface MadeUpState {
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly attributes: Readonly<Record<string, unknown>> }[];
  }[];
}

/** The state with everything that a plan makes or keeps. */
export function stateOfPlan(options: StateOfPlanOptions): MadeUpState {
  const { plan, configuration, schemas, former, overrides = {} } = options;
  const referred = new Set(JSON.stringify(configuration).match(/\b[a-z]\w*\.[A-Za-z_][\w-]*\.\w+/g));
  const resources = (plan.resource_changes ?? []).filter(({ mode }) => mode === 'managed');
  const before = new Map<string, unknown>(
    former?.resources.map(({ type, name, instances }) => [`${type}.${name}`, instances[0]?.attributes] as const),
  );
  const file = {
    version: 4,
    terraform_version: '1.11.0',
    serial: 1,
    lineage: '00000000-0000-0000-0000-000000000001',
    outputs: {},
    resources: resources.map(({ address, type, change }) => {
      const [name] = address.slice(type.length + 1).split('[') as [string];
      const schema = schemas[type];
      if (!schema) throw new Error(`${address}: its type has no schema`);
      const owner = `${type}.${name}`;
      const isNeeded = (attribute: string) => /^(id|arn)$/.test(attribute) || referred.has(`${owner}.${attribute}`);
      const attributes = blockOf(
        schema.block,
        change.after,
        change.after_unknown,
        before.get(owner),
        (attribute, of) => (isNeeded(attribute) ? madeUp(of, attribute, owner) : empty(of)),
      );
      return {
        mode: 'managed',
        type,
        name,
        provider: providerOf(configuration, type, name),
        instances: [{ schema_version: schema.version, attributes: { ...attributes, ...overrides[address] } }],
      };
    }),
  };
  return file;
}

function providerOf({ resource }: Configuration, type: string, name: string): string {
  if (type === 'terraform_data') return 'provider["terraform.io/builtin/terraform"]';
  const alias = /^aws\.(.+)$/.exec(String(resource?.[type]?.[name]?.['provider'] ?? ''))?.[1];
  return `provider["registry.terraform.io/hashicorp/aws"]${alias ? `.${alias}` : ''}`;
}

/** The planned values of a block: where one is unknown, that of `former`, else what `ask` says. */
function blockOf(
  schema: SchemaBlock,
  after: unknown,
  unknown: unknown,
  former: unknown,
  ask: (attribute: string, type: unknown) => unknown,
): Record<string, unknown> {
  const attributes = Object.entries(schema.attributes ?? {}).map(([name, { type }]) => {
    const value = part(after, name);
    const mark = part(unknown, name);
    if (mark === true) return [name, part(former, name) ?? ask(name, type)] as const;
    return [name, type === 'dynamic' ? withType(value) : known(value, mark)] as const;
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

/** A value without those of its parts that are unknown. */
function known(value: unknown, unknown: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(unknown)) {
    return value.flatMap((each, index) => (unknown[index] === true ? [] : [known(each, unknown[index])]));
  }
  if (typeof unknown === 'object' && unknown !== null && typeof value === 'object' && value !== null) {
    const marks = unknown as Record<string, unknown>;
    const names = new Set([...Object.keys(value), ...Object.keys(marks)]);
    return Object.fromEntries(
      [...names].map((name) => [
        name,
        marks[name] === true ? null : known((value as Record<string, unknown>)[name], marks[name]),
      ]),
    );
  }
  return value;
}

/** Of types as Terraform writes them: a word, or a list of a word and what it is made of. */
function madeUp(type: unknown, name: string, owner: string): unknown {
  if (type === 'number') return 1;
  if (type === 'bool') return false;
  if (Array.isArray(type)) {
    const [kind, of] = type as [string, unknown];
    if (kind === 'list' || kind === 'set') return [madeUp(of, name, owner)];
    if (kind === 'map') return {};
    return Object.fromEntries(
      Object.entries(of as Record<string, unknown>).map(([key, each]) => [key, madeUp(each, key, owner)]),
    );
  }
  const words = `${owner.replaceAll(/[._]/g, '-')}-${name}`.toLowerCase();
  if (/arns?$/.test(name)) return `arn:aws:made-up:us-east-1:000000000000:${words}`;
  if (owner.startsWith('aws_launch_template.') && name === 'id') return `lt-${words.replaceAll('-', '')}`;
  // Resolver takes ids of 64 characters at most; the end tells resources apart.
  return name === 'id' ? words.slice(-64).replace(/^-+/, '') : words;
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
