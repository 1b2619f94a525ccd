import { compareRevisions, wavesOf } from '@platform/tools/actions/change/affected';
import type { StackPair } from '@platform/tools/actions/change/compare-estates';
import { findRoot } from '@platform/tools/workspace/find-root';
import { findStackFolders } from '@platform/tools/workspace/stack-folders';
import { table } from '@platform/tools/session/table';
import { stopOnSignal } from '@platform/tools/terraform/stop-on-signal';
import { chosenEnvironment, type EstateOptions } from './estate-options';
import { print, talk } from './output';

export interface AffectedOptions extends EstateOptions {
  readonly base?: string;
  /** Print the stacks in waves for the matrix of a CI run. */
  readonly matrix?: boolean;
  /** False for `--no-nx`. */
  readonly nx?: boolean;
}

/** Reasons that the table has of a stack; the JSON has all. */
const SHOWN_REASONS = 3;

/** Lists the stacks that differ in meaning between base and the files of the checkout, each with its reasons. */
export async function affectedCommand(options: AffectedOptions): Promise<number> {
  const root = findRoot();
  const { base, nx, pairs } = await stopOnSignal((signal) =>
    compareRevisions({
      root,
      ...chosenEnvironment(options),
      ...(options.base === undefined ? {} : { base: options.base }),
      asksNx: options.nx !== false && !options.matrix,
      note: talk,
      signal,
    }),
  );
  const affected = pairs.filter(({ head, reasons }) => head && reasons.length > 0);
  const removed = pairs.filter(({ head }) => !head);
  if (options.matrix) {
    const waves = wavesOf(pairs).map((wave) => ({ include: wave.map(entryOf) }));
    print(JSON.stringify({ base: base.commit, waves, removed: removed.map(entryOf) }));
  } else if (options.json) {
    const stacks = affected.map(({ stack, reasons }) => ({ stack, reasons }));
    print(
      JSON.stringify({ base, head: {}, nx: nx ?? null, stacks, removed: removed.map(({ stack }) => stack) }, null, 2),
    );
  } else {
    print(tableOf([...affected, ...removed]));
  }
  for (const error of base.errors ?? []) {
    talk(`base ${base.ref}: it does not synthesise, so every stack counts as affected: ${error}`);
  }
  const stacks = pairs.length - removed.length;
  talk(
    [
      `${affected.length} of ${stacks} stacks differ from ${base.ref} (${base.commit!.slice(0, 10)})`,
      ...(removed.length > 0 ? [`${removed.length} removed`] : []),
      ...(nx ? [`Nx names ${nx.length} of ${findStackFolders(root).length} projects`] : []),
    ].join('; '),
  );
  return 0;
}

/** What a matrix job needs to know of a stack. */
function entryOf({ stack, base, head }: StackPair) {
  const { project, region, owner } = (head ?? base)!.description;
  return { stack, project, region, owner };
}

function tableOf(pairs: readonly StackPair[]): string {
  if (pairs.length === 0) return 'no stack differs';
  return table({
    head: ['stack', 'owner', 'why'],
    rows: pairs.map(({ stack, base, head, reasons }) => {
      const shown = reasons.slice(0, SHOWN_REASONS).map(({ text }) => text);
      const more = reasons.length - shown.length;
      return [
        stack,
        (head ?? base)!.description.owner,
        [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', '),
      ];
    }),
  });
}
