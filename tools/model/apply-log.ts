import type { PlanJson } from './plan';
import { addressOf, type StateResources } from './state';

/** What an apply did with one object, according to what `terraform apply -json` wrote. */
export interface LoggedChange {
  readonly address: string;
  readonly action: string;
  /** `open`: it began, and Terraform was killed before it ended. */
  readonly outcome: 'complete' | 'failed' | 'open';
  /** Of the object; absent where Terraform did not know it yet. */
  readonly id?: { readonly attribute: string; readonly value: string };
}

/** Ids of objects that replacements destroy, by address. */
export type FormerIds = Readonly<Record<string, readonly string[]>>;

/** The ids of what a plan replaces. */
export function replacedIds({ resource_changes = [] }: PlanJson): FormerIds {
  return Object.fromEntries(
    resource_changes.flatMap(({ address, change }) => {
      const { id } = (change.before ?? {}) as { readonly id?: unknown };
      return change.actions.includes('create') && typeof id === 'string' ? [[address, [id]]] : [];
    }),
  );
}

/** The ids of two plans of one apply. */
export function mergeIds(one: FormerIds, other: FormerIds): FormerIds {
  const addresses = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(addresses.map((each) => [each, [...(one[each] ?? []), ...(other[each] ?? [])]]));
}

/** An object that an apply created, or began to create, and that the state does not have. */
export interface UnrecordedObject {
  readonly address: string;
  /** Absent where only the beginning of the creation is known: the object may exist. */
  readonly id?: string;
}

interface UiMessage {
  readonly type?: string;
  readonly hook?: {
    readonly resource?: { readonly addr?: string };
    readonly action?: string;
    readonly id_key?: string;
    readonly id_value?: string;
  };
}

/**
 * Changes in a log of Terraform calls, in the order in which they began. Each call begins with a line `$ terraform …`;
 * lines that are not of the machine-readable UI are skipped.
 * Source of the format: https://developer.hashicorp.com/terraform/internals/machine-readable-ui#operation-messages
 */
export function loggedChanges(log: string): LoggedChange[] {
  const changes: LoggedChange[] = [];
  let open = new Map<string, number>();
  for (const line of log.split('\n')) {
    if (line.startsWith('$ ')) open = new Map();
    if (!/"type":"apply_(start|complete|errored)"/.test(line)) continue;
    const { type, hook } = parse(line) ?? {};
    const { resource, action, id_key, id_value } = hook ?? {};
    if (!resource?.addr || !action) continue;
    const key = `${action} ${resource.addr}`;
    const change = {
      address: resource.addr,
      action,
      ...(id_key && id_value ? { id: { attribute: id_key, value: id_value } } : {}),
    };
    if (type === 'apply_start') {
      open.set(key, changes.push({ ...change, outcome: 'open' }) - 1);
      continue;
    }
    const began = open.get(key) ?? changes.length;
    const outcome = type === 'apply_complete' ? 'complete' : 'failed';
    changes[began] = { ...changes[began], ...change, outcome };
    open.delete(key);
  }
  return changes;
}

/** Addresses whose creation began. */
export function creationsIn(changes: readonly LoggedChange[]): ReadonlySet<string> {
  return new Set(changes.filter(({ action }) => action === 'create').map(({ address }) => address));
}

/**
 * Objects that the log knows and the state does not: what Terraform had no time to write down when it was killed. The
 * next apply would create them again.
 * @param former ids of the objects that were replaced, by address: they are not the new ones
 */
export function unrecordedObjects(
  changes: readonly LoggedChange[],
  state: StateResources | undefined,
  former: FormerIds,
): UnrecordedObject[] {
  const instances = (state?.resources ?? []).flatMap((resource) =>
    (resource.instances ?? []).map((instance) => ({
      address: addressOf(resource, instance),
      deposed: instance.deposed !== undefined,
      attributes: (instance.attributes ?? {}) as Readonly<Record<string, unknown>>,
    })),
  );
  const gone = new Set(
    changes.flatMap(({ action, outcome, id }) =>
      action === 'delete' && outcome === 'complete' && id ? [id.value] : [],
    ),
  );
  const found = changes.flatMap(({ address, action, outcome, id }): UnrecordedObject[] => {
    if (action !== 'create' || outcome === 'failed') return [];
    const there = instances.filter((each) => each.address === address);
    if (id === undefined) {
      const isNew = (of: Readonly<Record<string, unknown>>) =>
        of['id'] === undefined || !(former[address] ?? []).includes(String(of['id']));
      return there.some(({ deposed, attributes }) => !deposed && isNew(attributes)) ? [] : [{ address }];
    }
    if (gone.has(id.value) || there.some(({ attributes }) => attributes[id.attribute] === id.value)) return [];
    return [{ address, id: id.value }];
  });
  return found.filter(
    (each, index) => found.findIndex(({ address, id }) => address === each.address && id === each.id) === index,
  );
}

function parse(line: string): UiMessage | undefined {
  try {
    return JSON.parse(line) as UiMessage;
  } catch {
    // The last line of a Terraform that was killed can be cut short.
    return undefined;
  }
}
