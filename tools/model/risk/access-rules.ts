import { isEndpoint, onlyRestricts, statementsIn, type PolicyStatement } from '../policy-statements';
import { valueAt, type ResourceRule, type ReviewedChange } from './rule';

/** A statement of a policy that allows, its words in lists. */
interface Grant {
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly hasCondition: boolean;
  /** Part of a policy that only restricts. */
  readonly isRestriction: boolean;
}

/** What a VPC endpoint without a policy allows. */
const everything: Grant = {
  principals: ['*'],
  actions: ['*'],
  resources: ['*'],
  hasCondition: false,
  isRestriction: false,
};

/** Managed policies of AWS that let anything be done. */
const unlimited = /:policy\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

/** Rules on who may do what. */
export const accessRules: readonly ResourceRule[] = [
  {
    id: 'policy-wildcard',
    level: 'block',
    finds: 'a policy that newly allows a whole service on everything, or everyone without a condition',
    why: 'Whoever gets hold of the role, or anyone at all, can do more than the workload needs, up to deleting the estate.',
    remedy: 'Name the actions and the resources; for resource policies name the principal or add a condition.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege',
    look: (change) => {
      const arn = change.after('policy_arn');
      const isNew = change.action === 'create' || change.action === 'replace';
      if (/^aws_iam_.*policy_attachment$/.test(change.type) && isNew && unlimited.test(String(arn))) {
        return [{ what: `attaches ${String(arn)}`, argument: 'policy_arn' }];
      }
      return policyArguments(change).flatMap(({ argument, before, after }) =>
        after
          .filter((grant) => isWildcard(grant, argument, change.type))
          .filter((grant) => !before.some((old) => isWildcard(old, argument, change.type) && includes(old, grant)))
          .map((grant) => ({ what: `allows ${describeGrant(grant)}`, argument })),
      );
    },
  },
  {
    id: 'policy-widened',
    level: 'warn',
    finds: 'a policy that exists and allows more than before',
    why: 'A role or a principal can do what it could not.',
    remedy: 'Check that the workload needs it.',
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html',
    look: (change) => {
      const existing = change.isChanged ? policyArguments(change) : [];
      return existing.flatMap(({ argument, before, after }) =>
        after
          .filter((grant) => !isWildcard(grant, argument, change.type) && !before.some((old) => includes(old, grant)))
          .map((grant) => ({ what: `allows ${describeGrant(grant)}`, argument })),
      );
    },
  },
];

/** Arguments that hold policies, with what they allow on both sides. */
function policyArguments({ resource: { change, type } }: ReviewedChange) {
  const names = [
    'policy',
    'assume_role_policy',
    'access_policy',
    'access_policies',
    'resource_policy',
    'key_policy',
    'policy_document',
  ];
  const read = (value: unknown, name: string) => grantsOf(type, value, valueAt(value, name));
  const found = names
    .map((argument) => ({ argument, before: read(change.before, argument), after: read(change.after, argument) }))
    .filter(({ before, after }) => before.length + after.length > 0)
    .map((each) => (isEndpoint(type) && each.before.length === 0 ? { ...each, before: [everything] } : each));
  if (type !== 'aws_iam_role') return found;
  return [
    ...found,
    {
      argument: 'inline_policy',
      before: read(change.before, 'inline_policy'),
      after: read(change.after, 'inline_policy'),
    },
  ];
}

function grantsOf(type: string, resource: unknown, policies: unknown): Grant[] {
  return statementsIn(policies)
    .filter(({ Effect }) => Effect === 'Allow')
    .map((statement) => ({
      principals: statement.NotPrincipal === undefined ? principalsOf(statement) : ['*'],
      actions: statement.NotAction === undefined ? listOf(statement.Action).map(String) : ['*'],
      resources: statement.NotResource === undefined ? listOf(statement.Resource).map(String) : ['*'],
      hasCondition: statement.Condition !== undefined,
      isRestriction: onlyRestricts(type, resource as Readonly<Record<string, unknown>>, statement),
    }));
}

function principalsOf({ Principal }: PolicyStatement): string[] {
  const named: readonly unknown[] =
    typeof Principal === 'object' ? Object.values(Principal).flatMap(listOf) : listOf(Principal);
  return named.map(String);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Resource and trust policies are judged by whom they let in: there `*` as the resource is the resource itself. */
function isWildcard(grant: Grant, argument: string, type: string): boolean {
  if (grant.isRestriction) return false;
  const isIdentity = /^aws_iam_/.test(type) && argument !== 'assume_role_policy';
  if (isIdentity) {
    return (
      grant.resources.includes('*') && grant.actions.some((action) => action === '*' || /^[\w-]+:\*$/.test(action))
    );
  }
  return grant.principals.includes('*') && !grant.hasCondition;
}

/** Whether `old` allows all that `grant` does. */
function includes(old: Grant, grant: Grant): boolean {
  const within = (olds: readonly string[], news: readonly string[]) =>
    news.every((one) => olds.some((pattern) => matches(pattern, one)));
  return (
    within(old.actions, grant.actions) &&
    within(old.resources, grant.resources) &&
    within(old.principals, grant.principals) &&
    (!old.hasCondition || grant.hasCondition)
  );
}

/** `*` stands for any text, in time that is linear for each of them. */
function matches(pattern: string, text: string): boolean {
  const [start, ...rest] = pattern.split('*') as [string, ...string[]];
  const last = rest.pop();
  if (last === undefined) return pattern === text;
  if (!text.startsWith(start) || !text.endsWith(last)) return false;
  let at = start.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at + last.length <= text.length;
}

function describeGrant({ principals, actions, resources }: Grant): string {
  const some = (all: readonly string[]) =>
    all.length > 3 ? `${all.slice(0, 3).join(', ')} and ${all.length - 3} more` : all.join(', ');
  const who = principals.length > 0 ? ` to ${some(principals)}` : '';
  const on = resources.length > 0 ? ` on ${some(resources)}` : '';
  return `${some(actions)}${on}${who}`;
}
