import type { Configuration } from '@platform/tools/model/configuration';
import type { LiveSession } from './live-session';
import { outputValues, type TerraformState } from '@platform/tools/model/state';

/** Twice the time for which resolvers keep an alias to a balancer or an accelerator (Route 53 developer guide: 60 s). */
export const settleSec = 120;

/**
 * Whether the configuration leaves nothing for readers: it has no resources, or all that it publishes is empty. A deploy
 * destroys what readers still lead to, if the stack gave them something at a higher level: see {@link losesSomething}.
 */
export function isEmptied({ resource = {}, output = {} }: Configuration): boolean {
  const published = Object.values(output);
  return Object.keys(resource).length === 0 || (published.length > 0 && published.every(({ value }) => isBlank(value)));
}

/** Whether a stack whose configuration {@link isEmptied} has something in its state that readers may use. */
export function losesSomething({ resource = {} }: Configuration, state: TerraformState | undefined): boolean {
  if (!state?.resources?.some(({ mode }) => mode === 'managed')) return false;
  return Object.keys(resource).length === 0 || !isBlank(outputValues(state));
}

/** Nothing that a reader could use, at any depth. */
function isBlank(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isBlank);
  return value === '' || value === null || value === undefined;
}

/**
 * Fields of a stack that are about to become empty and whose values still stand in the resources of another stack's
 * state: that stack still leads to what would be taken away.
 */
export function fieldsInUse(
  configuration: Configuration,
  outputs: Readonly<Record<string, unknown>>,
  reader: TerraformState,
): string[] {
  const used = JSON.stringify(reader.resources ?? []);
  return Object.keys(outputs).filter(
    (field) =>
      textsIn(configuration.output?.[field]?.value).length === 0 &&
      // A short value, such as a number, is found anywhere.
      textsIn(outputs[field]).some((text) => text.length >= 8 && used.includes(JSON.stringify(text))),
  );
}

/** A line for each stack that has to be deployed before `stack` can be taken away; empty for a stack that is not emptied. */
export async function whoStillUses(session: Pick<LiveSession, 'stacks' | 'states'>, stack: string): Promise<string[]> {
  const configuration = session.stacks.configuration(stack);
  const state = isEmptied(configuration) ? await session.states.of(stack) : undefined;
  if (!state) return [];
  const readers = session.stacks.all.filter(({ reads }) => reads.includes(stack));
  const lines = readers.map(async (reader) => {
    const readerState = await session.states.of(reader.stack);
    const fields = readerState ? fieldsInUse(configuration, outputValues(state), readerState) : [];
    return fields.length === 0
      ? []
      : `${stack}: ${reader.stack} still leads to its ${fields.join(', ')}; deploy ${reader.project} first, and wait ${settleSec} s`;
  });
  return (await Promise.all(lines)).flat();
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
