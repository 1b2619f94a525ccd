import { isDeepStrictEqual } from 'node:util';
import type { TerraformState } from '@platform/tools/model/state';
import { addressOf } from '@platform/tools/model/state';

/** What Terraform would remember differently. Addresses and names are sorted. */
export interface StateDifference {
  /** Resources that the other state knows and this one does not. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Resources that both know, with other values. */
  readonly changed: readonly string[];
  /** Outputs that are added, removed or have another value. */
  readonly outputs: readonly string[];
}

/** What changes when `next` takes the place of `now`. */
export function stateDifference(now: TerraformState | undefined, next: TerraformState): StateDifference {
  const before = instancesOf(now);
  const after = instancesOf(next);
  const outputs = [...new Set([...Object.keys(now?.outputs ?? {}), ...Object.keys(next.outputs ?? {})])];
  return {
    added: [...after.keys()].filter((address) => !before.has(address)).sort(),
    removed: [...before.keys()].filter((address) => !after.has(address)).sort(),
    changed: [...after.keys()]
      .filter((address) => before.has(address) && !isDeepStrictEqual(before.get(address), after.get(address)))
      .sort(),
    outputs: outputs.filter((name) => !isDeepStrictEqual(now?.outputs?.[name], next.outputs?.[name])).sort(),
  };
}

function instancesOf(state: TerraformState | undefined): Map<string, unknown> {
  return new Map(
    (state?.resources ?? [])
      .filter(({ mode }) => mode === 'managed')
      .flatMap((resource) =>
        (resource.instances ?? []).map((instance) => [addressOf(resource, instance), instance.attributes] as const),
      ),
  );
}
