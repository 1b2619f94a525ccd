import { isCancel, text } from '@clack/prompts';
import { WrongUse } from '@platform/libs/settings/problem';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { isFine } from '@platform/tools/actions/deploy/deploy-estate';
import { makeAccess } from '@platform/tools/actions/bootstrap/make-access';
import { bootstrap } from '@platform/tools/actions/bootstrap/bootstrap';
import { inSession, type LiveOptions } from './live-options';
import { print, talk } from './output';

export interface BootstrapCommandOptions extends LiveOptions {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** Creates the state buckets, and creates or changes the roles. In AWS it shows every change and asks first. Prints where the state is stored. */
export function bootstrapCommand(options: BootstrapCommandOptions): Promise<number> {
  return inSession({ ...options, effect: 'changes' }, async (session) => {
    const { name } = session.options.environment;
    const confirm = async (changes: readonly string[]) => {
      talk(`${name} on ${options.target}, ${changes.length} changes:\n  ${changes.join('\n  ')}`);
      if (options.dryRun) return false;
      if (options.yes || options.target === 'emulator') return true;
      if (!process.stdin.isTTY) throw new WrongUse('bootstrap: there is no terminal to confirm the changes; add --yes');
      const answer = await text({ message: `Type ${name} to make them` });
      return !isCancel(answer) && answer === name;
    };
    const { outcome, location, buckets } = await bootstrap({ session, confirm, note: talk });
    if (outcome === 'refused') {
      talk('nothing was created');
      return options.dryRun ? 0 : 1;
    }
    if (options.json) print(JSON.stringify({ outcome, location, buckets }, null, 2));
    else for (const bucket of buckets) print(bucket);
    const where = `s3://${location.bucket}/${location.key}`;
    talk(
      outcome === 'already'
        ? `nothing to do: the state of global/state is in ${where}; to change global/state, plan, review and deploy it:\n  ${commandLine(session, 'plan', 'global/state')}\n  ${commandLine(session, 'deploy', 'global/state')}`
        : `the state of global/state is in ${where} now; no copy remains on this machine`,
    );
    const access = await makeAccess(session, confirm);
    for (const text of access?.messages ?? []) talk(text);
    if (access) talk(`roles of the accounts (global/access): ${access.result}`);
    return access === undefined || isFine(access) || options.dryRun ? 0 : 1;
  });
}
