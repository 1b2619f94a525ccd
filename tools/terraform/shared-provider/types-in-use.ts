import type { BlocksInUse, TypeNames } from './trim-schema';

/** What a configuration wants from the `aws` provider. */
export interface TypesInUse extends TypeNames {
  readonly resources: Set<string>;
  readonly dataSources: Set<string>;
  readonly blocks: BlocksInUse;
  /** How many configurations of the provider there are; each alias is one more. */
  readonly providerConfigurations: number;
  /** Why the stack cannot be planned through a shared provider with a trimmed schema; missing when it can. */
  readonly obstacle?: string;
}

/** From here on the memory is better spent on other stacks. */
const MOST_CONFIGURATIONS = 3;

type Tree = { readonly [key: string]: unknown };

/**
 * Resource and data source types of the `aws` provider that a configuration (a parsed `.tf.json` file, or a list of
 * several that Terraform merges) and its states (parsed state files, version 4) use, and how many provider
 * configurations it has.
 */
export function typesInUse(configuration: unknown, states: readonly unknown[] = []): TypesInUse {
  const resources = new Set<string>();
  const dataSources = new Set<string>();
  const add = (mode: unknown, type: string) => {
    if (type.startsWith('aws_')) (mode === 'data' ? dataSources : resources).add(type);
  };
  const files = (Array.isArray(configuration) ? configuration : [configuration]).map(tree);
  const configurations = new Set<string>();
  let modules = false;
  for (const file of files) {
    for (const type of Object.keys(tree(file['resource']))) add('managed', type);
    for (const type of Object.keys(tree(file['data']))) add('data', type);
    for (const check of blocks(tree(file['check'])))
      for (const type of Object.keys(tree(check['data']))) add('data', type);
    // An address here may name a type that has no block: what is moved away from, forgotten or taken in.
    for (const kind of ['moved', 'removed', 'import']) {
      for (const [, type] of JSON.stringify(file[kind] ?? null).matchAll(/\b(aws_\w+)\./g)) add('managed', type!);
    }
    for (const { alias = '' } of list(tree(file['provider'])['aws']).map(tree)) configurations.add(String(alias));
    modules ||= Object.keys(tree(file['module'])).length > 0;
  }
  for (const state of states.map(tree)) {
    for (const { mode, type } of list(state['resources']).map(tree)) add(mode, String(type));
  }
  const obstacle = modules
    ? 'it calls modules, whose types are not looked for'
    : configurations.size > MOST_CONFIGURATIONS
      ? `it has ${configurations.size} configurations of the AWS provider, and each would take a running provider of 500 MB`
      : undefined;
  const inUse = blocksInUse(JSON.stringify(files), states);
  return {
    resources,
    dataSources,
    blocks: inUse,
    providerConfigurations: configurations.size,
    ...(obstacle ? { obstacle } : {}),
  };
}

/** A reference to a resource, an address that stands alone, and what is read of it. */
const reference = /(\bdata\.)?\b(aws_\w+)\.[A-Za-z_][\w-]*((?:\[[^\]]*\])*)(?:\.(\w+))?/g;

function blocksInUse(text: string, states: readonly unknown[]): BlocksInUse {
  const words = new Set(text.match(/\w+/g));
  const add = (value: unknown): boolean => {
    if (value === null || value === '' || value === false) return false;
    if (typeof value !== 'object') return true;
    let holds = false;
    for (const [name, inside] of Object.entries(value)) {
      if (!add(inside)) continue;
      holds = true;
      words.add(name);
    }
    return holds;
  };
  states.forEach(add);
  const read = new Map<string, Set<string>>();
  for (const { 0: whole, 1: isData, 2: type, 4: argument, index } of text.matchAll(reference)) {
    const isAddress = text[index - 1] === '"' && text[index + whole.length] === '"';
    if (isData || isAddress) continue;
    read.set(type!, (read.get(type!) ?? new Set()).add(argument ?? '*'));
  }
  return { words, read };
}

function tree(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {};
}

/** Terraform takes one block or a list of them. */
function list(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/** The blocks below their labels, where each label may hold one or several. */
function blocks(labelled: Tree): Tree[] {
  return Object.values(labelled).flatMap(list).map(tree);
}
