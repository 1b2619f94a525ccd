import type { ContextEntry } from '@aws-sdk/client-iam';
import { deployActions } from '@platform/libs/access/actions-by-type';
import { boundaryOfRoles } from '@platform/libs/settings/access';
import type { Place } from '@platform/tools/model/needs';
import { serviceRoleNames } from '@platform/tools/model/needs';
import { collect, each, open, type Context } from './context';
import { answer, at, isMissing, type Finding } from './finding';

/** Whether the role of each account can be assumed, and leads to that account. */
export async function checkRoles(context: Omit<Context, 'accounts' | 'deployed'>, target: string): Promise<Finding[]> {
  const { GetCallerIdentityCommand, STSClient } = await import('@aws-sdk/client-sts');
  return each(context.needs.accounts, async (place) => {
    const role = context.environment.deployRole;
    const question = {
      check: 'role',
      where: at(place),
      needed: `${role} in account ${place.account}`,
      actions: 'sts:AssumeRole',
    };
    const findings = await answer(question, async () => {
      const client = new STSClient(await context.clientOptions(place.role, place.awsRegion));
      const { Account, Arn } = await client.send(new GetCallerIdentityCommand({}));
      // An emulator has one account, whichever is asked for.
      if (Account === place.account || target === 'emulator') return { verdict: 'ok', found: Arn ?? '' };
      return {
        verdict: 'fails',
        found: `account ${Account}`,
        remedy: `correct environments.${context.environment.name}.accounts.${place.role} in infra.config.ts`,
      };
    });
    // Nothing can be planned or deployed there: this is no gap in the knowledge.
    return findings.map((finding) =>
      finding.verdict === 'unknown'
        ? {
            ...finding,
            verdict: 'fails' as const,
            remedy: `create the role with the bootstrap, or let its trust policy name you: docs/runbooks/first-deploy.md`,
          }
        : finding,
    );
  });
}

/** A policy that roles of the estate have: the deploy role may attach no other. */
const attachedPolicy: ContextEntry = {
  ContextKeyName: 'iam:PolicyARN',
  ContextKeyType: 'string',
  ContextKeyValues: ['arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole'],
};

/** The boundary that roles of the estate have: the deploy role may make no others. */
function boundaryEntries(environment: Context['environment'], account: string): ContextEntry[] {
  const boundary = boundaryOfRoles(environment, account);
  if (boundary === undefined) return [];
  return [{ ContextKeyName: 'iam:PermissionsBoundary', ContextKeyType: 'string', ContextKeyValues: [boundary] }];
}

/** Actions of one simulation: the API takes more, and answers slowly then. */
const SIMULATED_AT_ONCE = 100;

/** Whether the deploy role may do what the resource types of its account take. */
export async function checkPermissions(context: Context): Promise<Finding[]> {
  const { IAMClient, paginateSimulatePrincipalPolicy } = await import('@aws-sdk/client-iam');
  const { environment, needs } = context;
  return each(open(context, needs.accounts), async (place) => {
    const actions = [...new Set((needs.types.get(place.account) ?? []).flatMap(deployActions))].sort();
    const question = {
      check: 'permissions',
      where: at(place),
      needed: `${actions.length} actions of ${needs.types.get(place.account)?.length ?? 0} resource types`,
      actions: 'iam:SimulatePrincipalPolicy',
    };
    return answer(question, async () => {
      const client = new IAMClient(await context.clientOptions(place.role, place.awsRegion));
      const denied: string[] = [];
      let byOrganisation = false;
      for (const { names, resource } of simulationsOf(actions, place, environment.name)) {
        const pages = paginateSimulatePrincipalPolicy(
          { client },
          {
            PolicySourceArn: `arn:aws:iam::${place.account}:role/${environment.deployRole}`,
            ActionNames: names,
            ...(resource ? { ResourceArns: [resource] } : {}),
            ContextEntries: [attachedPolicy, ...boundaryEntries(environment, place.account)],
          },
        );
        for await (const { EvaluationResults = [] } of pages) {
          for (const { EvalActionName, EvalDecision, OrganizationsDecisionDetail } of EvaluationResults) {
            if (EvalDecision === 'allowed') continue;
            denied.push(EvalActionName ?? '');
            byOrganisation ||= OrganizationsDecisionDetail?.AllowedByOrganizations === false;
          }
        }
      }
      if (denied.length === 0) return { verdict: 'ok', found: 'all allowed' };
      return {
        verdict: 'fails',
        found: `denied: ${denied.sort().join(', ')}`,
        remedy: byOrganisation
          ? 'change the service control policies of the organisation'
          : `allow them to ${environment.deployRole}; of global/access: run the bootstrap again`,
      };
    });
  });
}

/** Whether the boundary of the estate's roles exists in the accounts that have roles: IAM makes none without it. */
export async function checkBoundaries(context: Context): Promise<Finding[]> {
  const { GetPolicyCommand, IAMClient } = await import('@aws-sdk/client-iam');
  const { environment, needs } = context;
  const places = open(context, needs.accounts).flatMap((place) => {
    const boundary = boundaryOfRoles(environment, place.account);
    const hasRoles = needs.types.get(place.account)?.includes('aws_iam_role') ?? false;
    return boundary !== undefined && hasRoles ? [{ place, boundary }] : [];
  });
  return each(places, async ({ place, boundary }) => {
    const name = boundary.split('/').at(-1)!;
    const question = { check: 'boundary', where: at(place, name), needed: 'exists', actions: 'iam:GetPolicy' };
    return answer(question, async () => {
      const client = new IAMClient(await context.clientOptions(place.role, place.awsRegion));
      try {
        await client.send(new GetPolicyCommand({ PolicyArn: boundary }));
        return { verdict: 'ok', found: 'exists' };
      } catch (error) {
        if (!isMissing(error)) throw error;
        const remedy =
          environment.access.roles === 'managed'
            ? 'run the bootstrap again: docs/runbooks/first-bootstrap.md'
            : `create the policy, or correct environments.${environment.name}.access.rolesBoundary`;
        return { verdict: 'fails', found: 'missing', remedy };
      }
    });
  });
}

/** Roles are created and passed by name: asked without a name, a policy that allows them by name denies them. */
function simulationsOf(
  actions: readonly string[],
  { account }: Place,
  environment: string,
): { names: string[]; resource?: string }[] {
  const arn = (name: string) => `arn:aws:iam::${account}:${name}`;
  const kinds: [RegExp, string | undefined][] = [
    [
      /^iam:CreateServiceLinkedRole$/,
      arn('role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling'),
    ],
    [/^iam:.*InstanceProfile$/, arn(`instance-profile/${environment}-preflight`)],
    [/^iam:/, arn(`role/${environment}-preflight`)],
    [/^/, undefined],
  ];
  const groups = new Map<string | undefined, string[]>();
  for (const action of actions) {
    const [, resource] = kinds.find(([pattern]) => pattern.test(action))!;
    groups.set(resource, [...(groups.get(resource) ?? []), action]);
  }
  return [...groups].flatMap(([resource, names]) =>
    Array.from({ length: Math.ceil(names.length / SIMULATED_AT_ONCE) }, (_, index) => ({
      names: names.slice(index * SIMULATED_AT_ONCE, (index + 1) * SIMULATED_AT_ONCE),
      ...(resource ? { resource } : {}),
    })),
  );
}

/** Whether AWS Resource Access Manager may share with the accounts of the organisation without an invitation. */
export async function checkSharing(context: Context): Promise<Finding[]> {
  const { OrganizationsClient, paginateListAWSServiceAccessForOrganization } = await import(
    '@aws-sdk/client-organizations'
  );
  // Only the organisation's own management account and its delegates are answered.
  const [place] = open(
    context,
    context.needs.accounts.filter(({ role }) => role === 'management'),
  );
  const [sharing] = context.needs.sharing;
  if (!sharing) return [];
  const enable = 'in the management account of the organisation, run: aws ram enable-sharing-with-aws-organization';
  const question = {
    check: 'sharing',
    where: at(place ?? sharing),
    needed: 'sharing with the organisation is on',
    actions: 'organizations:ListAWSServiceAccessForOrganization',
  };
  const findings = await answer(question, async () => {
    const { role, awsRegion } = place ?? sharing;
    const client = new OrganizationsClient(await context.clientOptions(role, awsRegion));
    try {
      const services = await collect(paginateListAWSServiceAccessForOrganization({ client }, {}), (page) =>
        page.EnabledServicePrincipals?.map(({ ServicePrincipal }) => ServicePrincipal),
      );
      if (services.includes('ram.amazonaws.com')) return { verdict: 'ok', found: 'on' };
      return { verdict: 'fails', found: 'off', remedy: enable };
    } catch (error) {
      if ((error as Error).name !== 'AWSOrganizationsNotInUseException') throw error;
      return {
        verdict: 'fails',
        found: 'the account is in no organisation',
        remedy: 'move the accounts into one organisation, or set one id for all accounts',
      };
    }
  });
  return findings.map((finding) =>
    finding.verdict === 'unknown' && finding.found === 'denied'
      ? { ...finding, found: 'only the management account of the organisation sees it', remedy: enable }
      : finding,
  );
}

/** Whether the roles exist that services make for themselves. A policy that names one is refused without it. */
export async function checkServiceRoles(context: Context): Promise<Finding[]> {
  const { GetRoleCommand, IAMClient } = await import('@aws-sdk/client-iam');
  return each(open(context, context.needs.serviceRoles), async (need) => {
    const role = serviceRoleNames[need.service]!;
    const question = { check: 'service role', where: at(need, role), needed: 'exists', actions: 'iam:GetRole' };
    return answer(question, async () => {
      const client = new IAMClient(await context.clientOptions(need.role, need.awsRegion));
      try {
        await client.send(new GetRoleCommand({ RoleName: role }));
        return { verdict: 'ok', found: 'exists' };
      } catch (error) {
        if (!isMissing(error)) throw error;
        const create = `aws iam create-service-linked-role --aws-service-name ${need.service}`;
        return need.required
          ? { verdict: 'fails', found: 'missing, and a policy names it', remedy: create }
          : {
              verdict: 'note',
              found: 'missing: AWS makes it with the first resource',
              remedy: `to make it now: ${create}`,
            };
      }
    });
  });
}
