import { deployEstate, type DeployedStack } from '@platform/tools/actions/deploy/deploy-estate';
import { describeChange } from '@platform/tools/actions/plan/describe-changes';
import { chooseStacks } from '@platform/tools/session/estate-run';
import type { LiveSession } from '@platform/tools/session/live-session';
import { planCommandFor } from '@platform/tools/session/plan-command-for';

/** The stack that makes the roles which plan and deploy everything else. */
const accessStack = 'global-access';

/**
 * Makes the roles of all accounts, or changes them: the deploy role cannot, because its boundary forbids it. Comes after the
 * buckets, where its state is.
 * @param confirm shown every change before it is made; an answer of `false` changes nothing
 * @returns nothing where the roles are made elsewhere, or the estate has no such stack
 */
export async function makeAccess(
  session: LiveSession,
  confirm: (changes: readonly string[]) => Promise<boolean>,
): Promise<DeployedStack | undefined> {
  const { environment } = session.options;
  if (environment.access.roles === 'existing' || !session.stacks.has(accessStack)) return undefined;
  const [made] = await deployEstate(session, {
    ...(await chooseStacks(session, [accessStack])),
    planCommand: planCommandFor(session),
    unreviewed: true,
    unrecorded: false,
    includeStateful: false,
    replace: [],
    confirm: ({ stack, changes }) => confirm(changes.map((change) => `${stack}:${describeChange(change)}`)),
  });
  return made;
}
