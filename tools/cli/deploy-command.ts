import { relative } from 'node:path';
import { summaryTable } from '@platform/tools/actions/plan/summary';
import { deployEstate, deployTable, isFine } from '@platform/tools/actions/deploy/deploy-estate';
import { chooseStacks } from '@platform/tools/session/estate-run';
import { isFirstPlan, preflight, preflightTable, wouldFail } from '@platform/tools/actions/preflight/preflight';
import { planEstate } from '@platform/tools/actions/plan/plan-estate';
import { planCommandFor } from '@platform/tools/session/plan-command-for';
import { changesText } from '@platform/tools/actions/plan/describe-changes';
import { acceptanceOf, confirmDeploy, holdsToReview, reviewOf, type AcceptanceOptions } from './confirm-deploy';
import { inSession, liveProgress, type LiveOptions } from './live-options';
import { print, talk } from './output';

export interface DeployOptions extends LiveOptions, AcceptanceOptions {
  /** Does not ask. */
  readonly yes?: boolean;
}

/** Plans stacks against their real states; prints the table and the changes. */
export async function livePlanCommand(
  projects: string[],
  options: LiveOptions & { readonly show?: boolean },
): Promise<number> {
  return inSession(options, async (session) => {
    // Emulators have no quotas, offers or organisation to look at.
    if (options.target === 'aws' && (await isFirstPlan(session))) {
      const findings = await preflight(session);
      talk(`preflight, because nothing is deployed yet:\n${preflightTable(findings)}`);
      if (wouldFail(findings)) talk('the plan goes on; a deploy would fail until the lines that FAIL are done');
    }
    const summary = await planEstate(session, projects, liveProgress(), { shows: options.show ?? false });
    print(
      options.json
        ? JSON.stringify(summary, null, 2)
        : [summaryTable(summary), changesText(summary)].filter(Boolean).join('\n'),
    );
    for (const { stack, warnings, errors } of summary.stacks) {
      for (const text of warnings) talk(`${stack}: ${text}`);
      for (const text of errors) talk(`${stack}: ${text}`);
    }
    const assuming = summary.stacks.filter(({ assumed }) => assumed.length > 0).map(({ stack }) => stack);
    if (assuming.length > 0) {
      talk(`depend on stacks that are not deployed yet; planned again once those are applied: ${assuming.join(', ')}`);
    }
    talk(`plans in ${relative(process.cwd(), session.folders.root)}`);
    return summary.stacks.some(({ errors }) => errors.length > 0) ? 1 : 0;
  });
}

/** Applies plans, in order; prints the table. */
export async function deployCommand(projects: string[], options: DeployOptions): Promise<number> {
  return inSession({ ...options, effect: 'changes' }, async (session) => {
    const chosen = await chooseStacks(session, projects);
    const names = chosen.stacks.map(({ stack }) => stack);
    const reviewed = reviewOf(session, options);
    if (!holdsToReview(session, names, reviewed)) return 1;
    const confirm = await confirmDeploy(session, names, options);
    if (!confirm) {
      talk('not confirmed; nothing was applied');
      return 1;
    }
    const stacks = await deployEstate(session, {
      ...chosen,
      planCommand: planCommandFor(session),
      ...acceptanceOf(options, reviewed),
      confirm,
      progress: liveProgress(),
    });
    for (const { messages } of stacks) for (const text of messages) talk(text);
    print(options.json ? JSON.stringify(stacks, null, 2) : deployTable(stacks));
    const fine = stacks.every(isFine);
    if (!fine) talk('applied changes remain; fix what failed, then repeat the command');
    return fine ? 0 : 1;
  });
}
