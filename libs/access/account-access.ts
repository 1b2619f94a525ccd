import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { constructId } from '@platform/libs/settings/construct-id';
import { waive } from '@platform/libs/stack/waive';
import { rolesBoundaryName, type AccessSettings, type CiSettings } from '@platform/libs/settings/access';
import { boundary, deployPolicies, planPolicies, rolesBoundary, type AccessScope } from './policies';

export interface AccountAccessProps {
  readonly scope: AccessScope;
  /** Environments with stacks in the account, that which makes the roles first. */
  readonly users: readonly AccessUser[];
  /** Provider of the account. */
  readonly provider: AwsProvider;
}

/** An environment with stacks in an account: who plans and deploys it. */
export interface AccessUser {
  readonly settings: AccessSettings;
  readonly managementAccount: string;
}

/** Longest session of the roles, in seconds: a deploy of a database takes more than the hour of the default. */
const SESSION_SEC = 4 * 3600;

/**
 * What an account needs before anything is planned in it: a role that reads, a role that deploys within a boundary, and, for
 * a CI without stored keys, an OpenID Connect provider. A role may have up to 10 managed policies (IAM user guide, "IAM and
 * AWS STS quotas").
 */
export class AccountAccess extends Construct {
  constructor(scope: Construct, id: string, props: AccountAccessProps) {
    super(scope, id);
    const { provider, scope: access } = props;
    const issuers = this.issuers(props);
    const limits = new IamPolicy(this, 'Boundary', {
      provider,
      name: `${access.deployRole}-boundary`,
      description: 'What the deploy role can never do',
      policy: boundary(access),
    });
    const rolesLimits = new IamPolicy(this, 'RolesBoundary', {
      provider,
      name: rolesBoundaryName(access.deployRole),
      description: 'What no role that the deploy role makes can ever do',
      policy: rolesBoundary(access),
    });
    const grantsNothing = 'a permissions boundary grants nothing; it allows all that its Deny statements do not name';
    for (const each of [limits, rolesLimits]) {
      waive(each, { CKV_AWS_62: grantsNothing, CKV_AWS_63: grantsNothing, CKV2_AWS_40: grantsNothing });
    }
    this.role(
      'Plan',
      props,
      access.planRole,
      planPolicies(access),
      trust(props, access.planRole, issuers, 'planSubjects'),
    );
    this.role(
      'Deploy',
      props,
      access.deployRole,
      deployPolicies(access),
      trust(props, access.deployRole, issuers, 'deploySubjects'),
      limits.arn,
    );
  }

  /** ARNs of the providers by issuer: an account has one for each. */
  private issuers({ users, provider, scope }: AccountAccessProps): ReadonlyMap<string, string> {
    const arns = new Map<string, string>();
    for (const { ci } of users.map(({ settings }) => settings)) {
      if (!ci || arns.has(ci.issuer)) continue;
      const arn =
        ci.provider === 'existing'
          ? `arn:aws:iam::${scope.accountId}:oidc-provider/${ci.issuer}`
          : // Without thumbprints: AWS trusts the root authorities of GitHub and others by itself, and fills them in for the
            // rest (IAM API reference, CreateOpenIDConnectProvider:
            // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html).
            new IamOpenidConnectProvider(this, arns.size === 0 ? 'Ci' : constructId('Ci', ci.issuer), {
              provider,
              url: `https://${ci.issuer}`,
              clientIdList: [...new Set(users.flatMap(({ settings }) => audiencesOf(settings, ci.issuer)))],
            }).arn;
      arns.set(ci.issuer, arn);
    }
    return arns;
  }

  private role(
    id: string,
    { provider }: AccountAccessProps,
    name: string,
    policies: readonly string[],
    assumeRolePolicy: string,
    permissionsBoundary?: string,
  ): void {
    const role = new IamRole(this, id, {
      provider,
      name,
      description: id === 'Plan' ? 'Terraform reads with it' : 'Terraform deploys with it',
      maxSessionDuration: SESSION_SEC,
      assumeRolePolicy,
      ...(permissionsBoundary ? { permissionsBoundary } : {}),
    });
    waive(role, {
      CKV_AWS_61:
        'only principals of the account whose own policies allow it may assume it; the account lists no people here',
    });
    policies.forEach((policy, index) => {
      const letter = String.fromCharCode('A'.charCodeAt(0) + index);
      const { arn } = new IamPolicy(this, `${id}Policy${letter}`, {
        provider,
        name: `${name}-${letter.toLowerCase()}`,
        description: 'What Terraform calls for the resource types of the estate',
        policy,
      });
      new IamRolePolicyAttachment(this, `${id}Attachment${letter}`, { provider, role: role.name, policyArn: arn });
    });
  }
}

function audiencesOf({ ci }: AccessSettings, issuer: string): string[] {
  return ci?.issuer === issuer ? [ci.audience] : [];
}

/**
 * People, the role of the same name in the management account, and workflows of the CI. Principals are accounts with a
 * condition on the role: IAM refuses a role that does not exist yet, as the role itself.
 */
function trust(
  { users }: AccountAccessProps,
  role: string,
  issuers: ReadonlyMap<string, string>,
  subjects: 'planSubjects' | 'deploySubjects',
): string {
  const numbered = (sid: string, index: number) => (index === 0 ? sid : `${sid}${index + 1}`);
  const people = unique(users.map((user) => peopleOf(user, role)));
  const workflows = unique(
    users.flatMap(({ settings: { ci } }) =>
      ci && ci[subjects].length > 0 ? [workflowsOf(ci, ci[subjects], issuers)] : [],
    ),
  );
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      ...people.map((each, index) => ({ Sid: numbered('People', index), ...each })),
      ...workflows.map((each, index) => ({ Sid: numbered('Ci', index), ...each })),
    ],
  });
}

function peopleOf({ settings: { operators }, managementAccount }: AccessUser, role: string): object {
  const root = (account: string) => `arn:aws:iam::${account}:root`;
  const own = `arn:aws:iam::${managementAccount}:role/${role}`;
  const accounts = [...new Set([managementAccount, ...operators.map((operator) => operator.split(':')[4]!)])];
  return {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    ...(operators.length === 0
      ? { Principal: { AWS: root(managementAccount) } }
      : {
          Principal: { AWS: accounts.map(root) },
          Condition: { ArnLike: { 'aws:PrincipalArn': [own, ...operators] } },
        }),
  };
}

function workflowsOf(
  { issuer, audience }: CiSettings,
  subjects: readonly string[],
  issuers: ReadonlyMap<string, string>,
): object {
  return {
    Effect: 'Allow',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: issuers.get(issuer)! },
    Condition: {
      StringEquals: { [`${issuer}:aud`]: audience },
      StringLike: { [`${issuer}:sub`]: subjects },
    },
  };
}

function unique(statements: readonly object[]): object[] {
  return [...new Map(statements.map((each) => [JSON.stringify(each), each])).values()];
}
