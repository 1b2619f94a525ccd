import { isCancel, text } from '@clack/prompts';
import { WrongUse } from '@platform/libs/settings/problem';
import { adoptResource } from '@platform/tools/actions/adopt/adopt-resource';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { inSession, type LiveOptions } from './live-options';
import { print, talk } from './output';
import { oneStackOf } from './state-command';

export interface AdoptCommandOptions extends LiveOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Takes an existing resource into the state of a stack; shows every change and asks first. */
export function adoptCommand(
  project: string,
  address: string,
  id: string,
  options: AdoptCommandOptions,
): Promise<number> {
  return inSession({ ...options, effect: 'changes' }, async (session) => {
    const stack = oneStackOf(session, project);
    const { name } = session.options.environment;
    const confirm = async (changes: readonly string[]) => {
      talk(`${stack} on ${options.target}:\n  ${changes.join('\n  ')}`);
      if (options.dryRun) return false;
      if (options.yes) return true;
      if (!process.stdin.isTTY) throw new WrongUse('adopt: there is no terminal to confirm the changes on; add --yes');
      const answer = await text({ message: `Type ${name} to make them` });
      return !isCancel(answer) && answer === name;
    };
    const { result, changes } = await adoptResource(session, { stack, address, id, confirm });
    if (options.json) print(JSON.stringify({ stack, result: options.dryRun ? 'planned' : result, changes }, null, 2));
    else print(changes.join('\n'));
    if (result === 'declined') {
      talk('nothing was changed');
      return options.dryRun ? 0 : 1;
    }
    const { project: folder } = session.stacks.get(stack);
    talk(`${address} is in the state of ${stack}; see what else differs: ${commandLine(session, 'plan', folder)}`);
    return 0;
  });
}
