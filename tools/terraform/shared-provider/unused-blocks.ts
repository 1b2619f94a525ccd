import type { PlanJson } from '@platform/tools/model/plan';
import { fieldsOf, textOf, withFields } from './protobuf';

/** Blocks that a schema lacks, by the block that had them. */
export interface LeftOutBlocks {
  /** The value of each while it is not used: null for a block that can be there once, else no elements. */
  readonly empty: ReadonlyMap<string, null | readonly []>;
  /** Blocks that stay and lack some themselves. */
  readonly within: ReadonlyMap<string, LeftOutBlocks>;
}

/** Numbers of fields in `tfplugin5.Schema` and in what it consists of. */
const SCHEMA_BLOCK = 2;
const BLOCK_TYPES = 3;
const NESTED = { typeName: 1, block: 2, nesting: 3, minItems: 4 } as const;
const nestingModes = { single: 1, list: 2, set: 3 } as const;

/**
 * The schema of a type without the blocks whose names are not among the words of a configuration, and which blocks these
 * are. Required blocks stay, for errors to name them.
 * @param schema `tfplugin5.Schema`
 */
export function withoutUnusedBlocks(
  schema: Buffer,
  words: ReadonlySet<string>,
): { readonly schema: Buffer; readonly leftOut: LeftOutBlocks } {
  let leftOut: LeftOutBlocks = { empty: new Map(), within: new Map() };
  const trimmed = withFields(schema, {
    [SCHEMA_BLOCK]: (block) => {
      const { block: rest, ...found } = trimBlock(block, words);
      leftOut = found;
      return rest;
    },
  });
  return { schema: trimmed, leftOut };
}

function trimBlock(block: Buffer, words: ReadonlySet<string>): LeftOutBlocks & { readonly block: Buffer } {
  const empty = new Map<string, null | readonly []>();
  const within = new Map<string, LeftOutBlocks>();
  const trimmed = withFields(block, {
    [BLOCK_TYPES]: (nested) => {
      const name = textOf(nested, NESTED.typeName);
      const number = (wanted: number) => [...fieldsOf(nested)].find(({ field }) => field === wanted)?.value ?? 0;
      const nesting = number(NESTED.nesting);
      const { single, list, set } = nestingModes;
      if (nesting !== single && nesting !== list && nesting !== set) return nested;
      if (!words.has(name) && number(NESTED.minItems) === 0) {
        empty.set(name, nesting === single ? null : []);
        return undefined;
      }
      return withFields(nested, {
        [NESTED.block]: (inner) => {
          const { block: rest, ...found } = trimBlock(inner, words);
          if (found.empty.size + found.within.size > 0) within.set(name, found);
          return rest;
        },
      });
    },
  });
  return { block: trimmed, empty, within };
}

type Json = Readonly<Record<string, unknown>>;

/** A plan as `terraform show -json` writes it of a whole schema: with the empty blocks. */
export function withLeftOutBlocks(plan: PlanJson, leftOut: ReadonlyMap<string, LeftOutBlocks>): PlanJson {
  if (leftOut.size === 0) return plan;
  const { planned_values, prior_state, ...rest } = plan as PlanJson & { planned_values?: Json; prior_state?: Json };
  const filled: Record<string, unknown> = { ...rest };
  if (planned_values) filled['planned_values'] = valuesFilled(planned_values, leftOut);
  if (prior_state) filled['prior_state'] = { ...prior_state, values: valuesFilled(prior_state['values'], leftOut) };
  for (const list of ['resource_changes', 'resource_drift'] as const) {
    const changes = rest[list];
    if (changes) filled[list] = changes.map((each) => changeFilled(each, leftOut));
  }
  return filled as PlanJson;
}

function valuesFilled(values: unknown, leftOut: ReadonlyMap<string, LeftOutBlocks>): unknown {
  const ofModule = (module: Json): Json => ({
    ...module,
    ...(module['resources'] ? { resources: (module['resources'] as Json[]).map(ofResource) } : {}),
    ...(module['child_modules'] ? { child_modules: (module['child_modules'] as Json[]).map(ofModule) } : {}),
  });
  const ofResource = (resource: Json): Json => {
    const blocks = leftOut.get(String(resource['type']));
    if (!blocks || resource['mode'] !== 'managed') return resource;
    return {
      ...resource,
      values: filledIn(resource['values'], blocks, 'value'),
      sensitive_values: filledIn(resource['sensitive_values'], blocks, 'mark'),
    };
  };
  const root = (values as Json | undefined)?.['root_module'] as Json | undefined;
  return root ? { ...(values as Json), root_module: ofModule(root) } : values;
}

function changeFilled<T extends { readonly type: string; readonly mode?: string; readonly change: object }>(
  resource: T,
  leftOut: ReadonlyMap<string, LeftOutBlocks>,
): T {
  const blocks = leftOut.get(resource.type);
  if (!blocks || resource.mode !== 'managed') return resource;
  const change = { ...resource.change } as Record<string, unknown>;
  for (const side of ['before', 'after']) {
    if (change[side]) change[side] = filledIn(change[side], blocks, 'value');
    const marks = `${side}_sensitive`;
    if (change[marks]) change[marks] = filledIn(change[marks], blocks, 'mark');
  }
  // Nothing at all where every value is known.
  if (Object.keys(change['after_unknown'] ?? {}).length > 0) {
    change['after_unknown'] = filledIn(change['after_unknown'], blocks, 'mark');
  }
  return { ...resource, change };
}

/** Terraform sorts names, and marks no block that can be there once and is not. */
function filledIn(value: unknown, { empty, within }: LeftOutBlocks, kind: 'value' | 'mark'): unknown {
  if (Array.isArray(value)) return value.map((each) => filledIn(each, { empty, within }, kind));
  if (typeof value !== 'object' || value === null) return value;
  const inside = Object.entries(value).map(([name, held]) => {
    const blocks = within.get(name);
    return [name, blocks ? filledIn(held, blocks, kind) : (held as unknown)] as const;
  });
  const added = [...empty].filter(([, none]) => none !== null || kind === 'value');
  return Object.fromEntries([...inside, ...added].sort(([a], [b]) => (a < b ? -1 : 1)));
}
