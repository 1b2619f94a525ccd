import { isDeepStrictEqual } from 'node:util';
import { describeObject, objectsBeyond, objectsOf, type RecordedObject } from './destroyed-objects';
import type { StateVersion, TerraformState } from './state';

/** The state that an apply began with. */
export interface StateBefore {
  /** Nothing where the stack had no state yet. */
  readonly version: StateVersion | null;
  readonly objects: readonly RecordedObject[];
}

/**
 * What to do with a state that an apply could not write (`errored.tfstate`). `push`: it continues the present state.
 * `saved`: the present state already says the same. `refuse`: another run has changed the state since, so that writing it
 * would lose or bring back what that run did.
 */
export type UnsavedStateDecision =
  | { readonly action: 'push' | 'saved' }
  | { readonly action: 'refuse'; readonly why: string; readonly onlyHere: readonly string[] };

/**
 * Terraform itself only compares lineage and serial, and would write an unsaved state of a high serial over the empty
 * state that another run's destroy left.
 * @param present nothing where the bucket has no state
 * @param before nothing where it was not recorded
 * @param isLost the bucket has no state, and had one
 */
export function decideUnsavedState(
  unsaved: TerraformState,
  present: TerraformState | undefined,
  before?: StateBefore,
  isLost = false,
): UnsavedStateDecision {
  if (!present && !isLost) return { action: 'push' };
  const [mine, theirs] = [objectsOf(unsaved), objectsOf(present ?? {})];
  const refuse = (why: string): UnsavedStateDecision => ({
    action: 'refuse',
    why,
    onlyHere: objectsBeyond(theirs, mine).map(describeObject),
  });
  // Another run can have written the state that is missing: this one would hide that.
  if (!present) return refuse('the state in the bucket is missing, although the stack was deployed; restore it first');
  if (unsaved.lineage !== present.lineage) {
    return refuse(`the state now has another lineage (${present.lineage} instead of ${unsaved.lineage})`);
  }
  if (present.serial >= unsaved.serial) {
    return sameContent(unsaved, present)
      ? { action: 'saved' }
      : refuse(`another run has written serial ${present.serial}, and this is serial ${unsaved.serial}`);
  }
  if (before?.version?.serial === present.serial) return { action: 'push' };
  // A long apply writes its state every 20 s (Terraform, "S3 backend" and state snapshots): a serial in between can be its
  // own. What it began with, and only another run can have destroyed or created, tells the two apart.
  const known = before?.objects ?? (theirs.length === 0 ? mine : []);
  const destroyed = objectsBeyond(theirs, mine).filter((object) => objectsBeyond(known, [object]).length === 0);
  if (destroyed.length > 0) {
    return refuse(`another run has destroyed ${destroyed.map(describeObject).join(', ')} (serial ${present.serial})`);
  }
  const created = before ? objectsBeyond([...mine, ...before.objects], theirs) : [];
  if (created.length > 0) {
    return refuse(`another run has created ${created.map(describeObject).join(', ')} (serial ${present.serial})`);
  }
  return { action: 'push' };
}

function sameContent(one: TerraformState, other: TerraformState): boolean {
  return (
    isDeepStrictEqual(one.resources ?? [], other.resources ?? []) &&
    isDeepStrictEqual(one.outputs ?? {}, other.outputs ?? {})
  );
}
