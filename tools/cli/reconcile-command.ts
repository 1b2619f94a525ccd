import { reconcileEstate } from '@platform/tools/actions/drift/reconcile-estate';
import { inSession, liveProgress, type LiveOptions } from './live-options';
import { print, talk } from './output';

/** Lets the states follow what operations have changed; prints what became of each stack. */
export async function reconcileCommand(projects: string[], options: LiveOptions): Promise<number> {
  return inSession({ ...options, effect: 'changes' }, async (session) => {
    const stacks = await reconcileEstate(session, projects, liveProgress());
    for (const { messages } of stacks) for (const text of messages) talk(text);
    print(
      options.json
        ? JSON.stringify(stacks, null, 2)
        : stacks.map(({ stack, result }) => `${stack}  ${result}`).join('\n'),
    );
    return stacks.every(({ result }) => result === 'reconciled' || result === 'untouched') ? 0 : 1;
  });
}
