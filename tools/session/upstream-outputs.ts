import type { Contract, Field } from '@platform/libs/contract/contract';
import { knownOutputs, type PlanJson } from '@platform/tools/model/plan';
import type { UpstreamValues } from '@platform/tools/model/upstream-values';

/**
 * What a live plan may rest on of another stack: real outputs where they are there and nobody is about to change them;
 * what the other stack's plan knows they will be; else the former value, or the contract's example where there is none.
 * @param outputs of the real state; nothing where there is none
 * @param plan of the other stack, where one is about to be applied before
 */
export function liveUpstreamValues(
  contract: Contract,
  outputs: Readonly<Record<string, unknown>> | undefined,
  plan?: PlanJson,
): UpstreamValues {
  const planned = plan ? knownOutputs(plan) : {};
  const moving = new Set(
    Object.entries(plan?.output_changes ?? {})
      .filter(([, { actions }]) => actions.some((action) => action !== 'no-op'))
      .map(([name]) => name),
  );
  return Object.fromEntries(
    Object.entries(contract.fields).map(([name, field]) => {
      const real = outputs !== undefined && Object.hasOwn(outputs, name);
      if (real && !moving.has(name)) return [name, { value: outputs[name], source: 'state' as const }];
      if (Object.hasOwn(planned, name)) return [name, { value: planned[name], source: 'planned' as const }];
      if (real) return [name, { value: withNewEntries(outputs[name], field.example), source: 'former' as const }];
      return [name, { value: field.example, source: 'example' as const }];
    }),
  );
}

/** A map about to change, with examples of the entries that it will have and does not have yet. */
function withNewEntries(former: unknown, example: Field['example']): unknown {
  const areMaps = [former, example].every((each) => typeof each === 'object' && each !== null && !Array.isArray(each));
  return areMaps ? { ...(example as object), ...(former as object) } : former;
}

/** Whether all values are real, so that the state itself can be read. */
export function allReal(values: UpstreamValues): boolean {
  return Object.values(values).every(({ source }) => source === 'state');
}
