import { WrongUse } from '@platform/libs/settings/problem';
import { primaryOf } from '@platform/libs/settings/region';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import { observe } from '@platform/tools/actions/failover/observe';
import { logFile, requestOf, runFailover } from '@platform/tools/actions/failover/run-failover';
import { planText, statusText } from '@platform/tools/actions/failover/text';
import { planFailover, type FailoverAction } from '@platform/tools/model/failover';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { chooseTarget } from '@platform/tools/session/open-session';
import { findRoot } from '@platform/tools/workspace/find-root';
import { ask } from './ask';
import { stoppable, type LiveOptions } from './live-options';
import { print, talk } from './output';

export interface FailoverOptions extends LiveOptions {
  /** Key of the region that takes over. Default for `back`: the primary of the settings. */
  readonly to?: string;
  /** Key of the region that is lost. */
  readonly lost?: string;
  /** Key of a region that is well and must get no traffic. */
  readonly evacuate?: string;
  readonly allowDataLoss?: boolean;
  /** Key of the region that takes over, typed instead of at the question. */
  readonly confirm?: string;
}

/** Shows who writes and who takes traffic, or moves both to a region. Runs no Terraform and reads no state. */
export async function failoverCommand(action: FailoverAction, options: FailoverOptions): Promise<number> {
  const environment = options.configuration || process.env['PLATFORM_ENVIRONMENT'];
  if (!environment)
    throw new WrongUse('-c: no environment is named; add -c <environment>, or set PLATFORM_ENVIRONMENT');
  return stoppable(async (signal) => {
    const root = findRoot();
    const chosen = await chooseTarget({
      root,
      target: options.target,
      environment,
      ...(options.role ? { role: options.role } : {}),
      note: talk,
    });
    const { regions } = chosen.estate;
    const { lost } = options;
    const context: FailoverContext = { ...chosen, regions, ...(lost === undefined ? {} : { lost }) };
    if (action === 'status') {
      const view = await observe(context);
      print(options.json ? JSON.stringify(view, null, 2) : statusText(view));
      return 'unknown' in view.database ? 1 : 0;
    }
    const to = options.to ?? (action === 'back' ? primaryOf(regions).key : undefined);
    if (to === undefined) {
      throw new WrongUse(`--to: no region is named; add --to ${regions.map(({ key }) => key).join(' or --to ')}`);
    }
    if (action === 'back' && lost !== undefined) {
      throw new WrongUse('--lost: a return needs all regions; use failover run while one is lost');
    }
    const { evacuate } = options;
    if (action === 'back' && evacuate !== undefined) {
      throw new WrongUse('--evacuate: a return gives all regions their traffic; use failover run');
    }
    const request = requestOf(context, {
      to,
      allowDataLoss: options.allowDataLoss ?? false,
      toNormal: action === 'back',
      ...(evacuate === undefined ? {} : { evacuate }),
      ...(lost === undefined ? {} : { lost }),
    });
    const view = await observe(context);
    const plan = planFailover(view, request);
    if (action === 'plan') {
      print(options.json ? JSON.stringify(plan, null, 2) : `${statusText(view)}\n\n${planText(context, plan)}`);
      return plan.blockers.length > 0 ? 1 : 0;
    }
    talk(`${statusText(view)}\n\n${planText(context, plan)}`);
    if (plan.blockers.length > 0) return 1;
    if (plan.steps.length === 0) return 0;
    const typed =
      options.confirm ?? (await ask(`Type ${to} to do this in ${environment} on ${options.target}: `, signal));
    if (typed !== to) {
      talk(
        typed === ''
          ? `nothing was called; without a terminal, add --confirm ${to}`
          : `nothing was called: "${typed}" is not ${to}`,
      );
      return 1;
    }
    const log = logFile(root, context);
    const place = { options: { target: chosen.target, environment: chosen.environment } };
    const args = [
      action,
      '--to',
      to,
      ...(lost === undefined ? [] : ['--lost', lost]),
      ...(evacuate === undefined ? [] : ['--evacuate', evacuate]),
      ...(options.allowDataLoss ? ['--allow-data-loss'] : []),
    ];
    const again = commandLine(place, 'failover', ...args);
    signal.addEventListener(
      'abort',
      () => talk(`stopped; calls that were made continue in AWS. To continue: ${again}`),
      {
        once: true,
      },
    );
    const result = await runFailover(context, request, {
      confirmed: plan,
      log,
      signal,
      onEvent: ({ time, event, call, detail }) => talk([time, event, call, detail].filter(Boolean).join(' ')),
    });
    if (result.message) talk(result.message);
    for (const text of result.plan.blockers) talk(`BLOCKED: ${text}`);
    if (result.result !== 'done') talk(`to continue: ${again}`);
    talk(`log: ${log}`);
    print(options.json ? JSON.stringify(result, null, 2) : statusText(await observe(context)));
    return result.result === 'done' ? 0 : 1;
  });
}
