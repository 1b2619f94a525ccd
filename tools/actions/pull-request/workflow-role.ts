import { ciOf } from '@platform/libs/settings/access';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { exampleValues } from '@platform/libs/settings/example-values';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';

/** What a workflow assumes a role for. */
export const roleUses = ['review', 'drift', 'deploy'] as const;
export type RoleUse = (typeof roleUses)[number];

export interface WorkflowRole {
  /** `platform-plan` */
  readonly name: string;
  /** Of the role in the management account; the role assumes those of the other accounts. */
  readonly arn: string;
}

/**
 * The role that a workflow may assume in an environment by its settings `access.ci`: to review, `planRole`, if tokens of
 * pull requests may assume it; for drift, `planRole`; to deploy, `deployRole`.
 * @returns the reason where there is none
 * @throws WrongUse when there is no such environment
 */
export function workflowRole(
  { settings, regions }: Pick<LoadedEstate, 'settings' | 'regions'>,
  name: string,
  use: RoleUse,
): WorkflowRole | string {
  const environment = selectEnvironment(settings, name);
  const ci = ciOf(environment);
  const at = `environments.${name}.access.ci`;
  if (!ci) return `${at} is not set`;
  const example = exampleValues(environment, regions).find(
    ({ where }) => where.includes(`${at}.`) || where.endsWith('accounts.management'),
  );
  if (example) return `${example.where}: ${example.what}`;
  const field = use === 'deploy' ? 'deploySubjects' : 'planSubjects';
  if (use === 'review' ? !ci.planSubjects.some(isOfPullRequests) : ci[field].length === 0) {
    return `${at}.${field} has no subject${use === 'review' ? ' that ends with :pull_request' : ''}`;
  }
  const role = use === 'deploy' ? environment.deployRole : environment.planRole;
  return { name: role, arn: `arn:aws:iam::${environment.accounts.management}:role/${role}` };
}

/** https://docs.github.com/en/actions/reference/security/oidc#filtering-for-pull_request-events */
const isOfPullRequests = (subject: string) => subject.endsWith(':pull_request') || subject.endsWith(':*');
