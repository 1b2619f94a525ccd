import { createInterface } from 'node:readline/promises';
import { destroyEstate, doomedStacks, lossesOf, removedStacks } from '@platform/tools/live/destroy-estate';
import { inSession, liveProgress, type LiveOptions } from './live-options';
import { print, talk } from './output';

export interface DestroyOptions extends LiveOptions {
  /** The name of the environment, where nobody is there to type it. */
  readonly confirm?: string;
  readonly includeStateful?: boolean;
  /** The stacks whose projects are gone, instead of those in the tree. */
  readonly removed?: boolean;
}

/** Destroys stacks in reverse order, after the name of the environment was typed. */
export async function destroyCommand(projects: string[], options: DestroyOptions): Promise<number> {
  return inSession(options, async (session) => {
    const { environment, target } = session.options;
    const removed = await removedStacks(session);
    for (const stack of removed.unknown) {
      talk(
        `${stack}: its project is gone, and no applied configuration was kept; bring the project back to destroy it`,
      );
    }
    const stacks = options.removed ? removed.doomed : await doomedStacks(session, projects);
    if (!options.removed && removed.doomed.length > 0) {
      const names = removed.doomed.map(({ description }) => description.stack).join(', ');
      talk(`projects that are gone and still have something: ${names}; npm run destroy -- --removed destroys it`);
    }
    if (stacks.length === 0) {
      talk('nothing to destroy');
      return 0;
    }
    for (const { description, state } of stacks) {
      const count = (state.resources ?? []).filter(({ mode }) => mode === 'managed').length;
      talk(`${description.stack}: ${count} resources`);
    }
    const losses = lossesOf(stacks);
    for (const text of losses) talk(text);
    if (losses.length > 0 && !options.includeStateful) {
      talk('nothing was destroyed: what is named above is lost for ever; add --include-stateful if that is meant');
      return 1;
    }
    const typed = options.confirm ?? (await ask(`Type ${environment.name} to destroy this on ${target.name}: `));
    if (typed !== environment.name) {
      talk(
        `nothing was destroyed: "${typed}" is not ${environment.name}; type the name, or give --confirm <name> in CI`,
      );
      return 1;
    }
    const results = await destroyEstate(session, stacks, liveProgress());
    for (const { message } of results) if (message) talk(message);
    print(
      options.json
        ? JSON.stringify(results, null, 2)
        : results.map(({ stack, result }) => `${stack}  ${result}`).join('\n'),
    );
    return results.every(({ result }) => result === 'destroyed') ? 0 : 1;
  });
}

/** Nothing where nobody can answer. */
async function ask(question: string): Promise<string> {
  if (!process.stdin.isTTY) return '';
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } finally {
    terminal.close();
  }
}
