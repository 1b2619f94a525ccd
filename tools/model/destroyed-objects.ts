import type { PlanJson } from './plan';
import { addressOf, type StateResources } from './state';
import { statefulTypes } from './stateful-types';

/** One object of real infrastructure, as a state records it or a plan takes it away. */
export interface RecordedObject {
  /** With `(deposed <key>)` behind it for an object that a replacement left behind. */
  readonly address: string;
  readonly type: string;
  /** What the provider knows it by; absent where it was never recorded. */
  readonly id?: string;
  /** Whether a destroy deletes what is in it too (`force_destroy`). */
  readonly emptied: boolean;
}

/** All managed objects of a state, deposed ones included. */
export function objectsOf({ resources = [] }: StateResources): RecordedObject[] {
  return resources
    .filter(({ mode }) => mode === 'managed')
    .flatMap((resource) =>
      (resource.instances ?? []).map((instance) =>
        objectOf(addressOf(resource, instance), resource.type, instance.attributes, instance.deposed),
      ),
    );
}

/** All objects that a plan destroys, those that it replaces included. */
export function destroyedBy({ resource_changes = [] }: PlanJson): RecordedObject[] {
  return resource_changes
    .filter(({ mode, change }) => mode === 'managed' && change.actions.includes('delete'))
    .map(({ address, type, change, deposed }) => objectOf(address, type, change.before, deposed));
}

/**
 * Objects that are not among those known: another address, another id at a known address, or one that is emptied now and
 * was not before.
 */
export function objectsBeyond(
  known: readonly RecordedObject[],
  found: readonly RecordedObject[],
): readonly RecordedObject[] {
  const keys = new Set(known.flatMap((object) => [keyOf(object), keyOf({ ...object, emptied: false })]));
  return found.filter((object) => !keys.has(keyOf(object)));
}

/** `address (id)` */
export function describeObject({ address, id }: RecordedObject): string {
  return id === undefined ? address : `${address} (${id})`;
}

/** What is lost for ever with these objects, a line each; empty where all of them can be made again. */
export function dataLossOf(objects: readonly RecordedObject[]): string[] {
  return objects.flatMap(({ address, type, emptied }) => {
    const loses = statefulTypes[type];
    return loses === undefined ? [] : `${address} holds ${loses}${emptied ? ', and would be emptied' : ''}`;
  });
}

function objectOf(address: string, type: string, values: unknown, deposed: string | undefined): RecordedObject {
  const { id, force_destroy } = (values ?? {}) as { readonly id?: unknown; readonly force_destroy?: unknown };
  return {
    address: deposed === undefined ? address : `${address} (deposed ${deposed})`,
    type,
    ...(typeof id === 'string' ? { id } : {}),
    emptied: force_destroy === true,
  };
}

const keyOf = ({ address, id, emptied }: RecordedObject) => JSON.stringify([address, id ?? null, emptied]);
