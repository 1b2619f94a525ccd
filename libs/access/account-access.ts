import { IamOpenidConnectProvider } from '@cdktf/provider-aws/lib/iam-openid-connect-provider';
import { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicyAttachment } from '@cdktf/provider-aws/lib/iam-role-policy-attachment';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { waive } from '@platform/libs/stack/waive';
import type { AccessSettings, CiSettings } from '@platform/libs/settings/access';
import { boundary, deployPolicies, planPolicies, type AccessScope } from './policies';

export interface AccountAccessProps {
  readonly scope: AccessScope;
  readonly settings: AccessSettings;
  /** Provider of the account. */
  readonly provider: AwsProvider;
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
    const { provider, scope: access, settings } = props;
    const { ci } = settings;
    const issuer = ci && this.issuer(ci, props);
    const limits = new IamPolicy(this, 'Boundary', {
      provider,
      name: `${access.deployRole}-boundary`,
      description: 'What the deploy role can never do',
      policy: boundary(access),
    });
    const grantsNothing = 'a permissions boundary grants nothing; it allows all that its Deny statements do not name';
    waive(limits, { CKV_AWS_62: grantsNothing, CKV_AWS_63: grantsNothing, CKV2_AWS_40: grantsNothing });
    this.role(
      'Plan',
      props,
      access.planRole,
      planPolicies(access),
      trust(props, access.planRole, issuer, ci?.planSubjects),
    );
    this.role(
      'Deploy',
      props,
      access.deployRole,
      deployPolicies(access),
      trust(props, access.deployRole, issuer, ci?.deploySubjects),
      limits.arn,
    );
  }

  /** ARN of the provider, and the words that conditions on its tokens begin with. */
  private issuer(ci: CiSettings, { provider, scope }: AccountAccessProps): Issuer {
    const known = `arn:aws:iam::${scope.accountId}:oidc-provider/${ci.issuer}`;
    const arn =
      ci.provider === 'existing'
        ? known
        : // Without thumbprints: AWS trusts the root authorities of GitHub and others by itself, and fills them in for the rest
          // (IAM API reference, CreateOpenIDConnectProvider:
          // https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateOpenIDConnectProvider.html).
          new IamOpenidConnectProvider(this, 'Ci', {
            provider,
            url: `https://${ci.issuer}`,
            clientIdList: [ci.audience],
          }).arn;
    return { arn, name: ci.issuer, audience: ci.audience };
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

interface Issuer {
  readonly arn: string;
  readonly name: string;
  readonly audience: string;
}

/**
 * People, the role of the same name in the management account, and workflows of the CI. Principals are accounts with a
 * condition on the role: IAM refuses a role that does not exist yet, as the role itself.
 */
function trust(
  { settings, managementAccount }: AccountAccessProps,
  role: string,
  issuer: Issuer | undefined,
  subjects: readonly string[] = [],
): string {
  const { operators } = settings;
  const root = (account: string) => `arn:aws:iam::${account}:root`;
  const own = `arn:aws:iam::${managementAccount}:role/${role}`;
  const accounts = [...new Set([managementAccount, ...operators.map((operator) => operator.split(':')[4]!)])];
  const people =
    operators.length === 0
      ? { Principal: { AWS: root(managementAccount) } }
      : {
          Principal: { AWS: accounts.map(root) },
          Condition: { ArnLike: { 'aws:PrincipalArn': [own, ...operators] } },
        };
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'People', Effect: 'Allow', Action: 'sts:AssumeRole', ...people },
      ...(issuer && subjects.length > 0
        ? [
            {
              Sid: 'Ci',
              Effect: 'Allow',
              Action: 'sts:AssumeRoleWithWebIdentity',
              Principal: { Federated: issuer.arn },
              Condition: {
                StringEquals: { [`${issuer.name}:aud`]: issuer.audience },
                StringLike: { [`${issuer.name}:sub`]: subjects },
              },
            },
          ]
        : []),
    ],
  });
}
