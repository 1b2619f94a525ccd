import { rolesBoundaryArn } from '@platform/libs/settings/access';
import type { AccountRole } from '@platform/libs/settings/organisation';
import { actionsByType, deployActions } from './actions-by-type';

/** Characters of a managed policy without white space (IAM user guide, "IAM and AWS STS quotas": https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
export const policyCharacters = 6144;

/** One statement of a policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What the policies of one account are made of. */
export interface AccessScope {
  readonly accountId: string;
  /** Roles that the account has in the environment. */
  readonly accountRoles: readonly AccountRole[];
  readonly organisation: string;
  /** Environments with stacks in the account. */
  readonly environments: readonly string[];
  readonly planRole: string;
  readonly deployRole: string;
  /** Account ids in which the account's roles may assume the role of the same name; empty outside the management account. */
  readonly assumableIn: readonly string[];
  /** ARNs of the buckets with states, their keys and lock tables; absent outside the management account. */
  readonly states?: {
    readonly buckets: readonly string[];
    readonly keys: readonly string[];
    readonly lockTables: readonly string[];
    /** Buckets of other environments in the account: their keys are named by what they encrypt. */
    readonly otherBuckets: readonly string[];
  };
}

/** Beside a refresh: what `npx platform preflight`, `failover status` and the gate of a rollout ask for. */
const looks = [
  'acm:ListCertificates',
  'cloudwatch:DescribeAlarms',
  'cloudwatch:GetMetricData',
  'cloudwatch:GetMetricStatistics',
  'ec2:DescribeAddresses',
  'ec2:DescribeAvailabilityZones',
  'ec2:DescribeImages',
  'ec2:DescribeInstanceTypeOfferings',
  'ec2:DescribeInternetGateways',
  'ec2:DescribeManagedPrefixLists',
  'ec2:DescribeVpcEndpointServices',
  'ec2:DescribeVpcs',
  'elasticache:DescribeCacheEngineVersions',
  'elasticache:DescribeReservedCacheNodesOfferings',
  'globalaccelerator:ListCrossAccountResources',
  'globalaccelerator:ListEndpointGroups',
  'iam:GetOpenIDConnectProvider',
  'iam:GetPolicy',
  'iam:GetRole',
  'iam:SimulatePrincipalPolicy',
  'organizations:ListAWSServiceAccessForOrganization',
  'rds:DescribeDBEngineVersions',
  'rds:DescribeOrderableDBInstanceOptions',
  'route53:ListHostedZonesByName',
  'route53resolver:ListFirewallDomainLists',
  's3:ListBucket',
  'servicequotas:GetAWSDefaultServiceQuota',
  'servicequotas:GetServiceQuota',
  'ssm:GetParameter',
];

/** What `npx platform failover` and `npx platform gameday` call, beside what deploys do, by the account that it is called in. */
const moves: Partial<Record<AccountRole, readonly string[]>> = {
  workload: [
    'autoscaling:SetDesiredCapacity',
    'autoscaling:TerminateInstanceInAutoScalingGroup',
    'dynamodb:RestoreTableToPointInTime',
    'rds:FailoverGlobalCluster',
    'rds:PromoteReadReplica',
    'rds:SwitchoverGlobalCluster',
  ],
  edge: ['cloudwatch:GetMetricData', 'cloudwatch:PutMetricData'],
  network: ['directconnect:StartBgpFailoverTest', 'directconnect:StopBgpFailoverTest'],
};

/**
 * What rehearsals of restores do with copies of their own, by the account that it is called in. A restore needs the rights to
 * read and write its target
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html).
 */
function rehearsalStatements({ accountId, accountRoles, organisation, environments }: AccessScope): Statement[] {
  if (!accountRoles.includes('workload')) return [];
  const tables = environments.map((name) => `arn:aws:dynamodb:*:${accountId}:table/${name}-*-rehearsal`);
  const buckets = environments.map((name) => `arn:aws:s3:::${organisation}-${name}-*`);
  const items = ['BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'];
  const objects = ['DeleteObject', 'DeleteObjectVersion', 'GetObject', 'GetObjectVersion', 'PutObject'];
  return [
    ...allow(
      'RestoredTables',
      items.map((item) => `dynamodb:${item}`),
      tables,
    ),
    ...allow(
      'RehearsedObjects',
      objects.map((object) => `s3:${object}`),
      buckets.map((arn) => `${arn}/rehearsals/*`),
    ),
    ...allow('RehearsedVersions', ['s3:ListBucketVersions'], buckets),
  ];
}

/**
 * Actions that give a role rights: allowed only on roles with {@link rolesBoundary} (service authorization reference, IAM:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html).
 */
const withinBoundary: ReadonlySet<string> = new Set([
  'iam:AttachRolePolicy',
  'iam:CreateRole',
  'iam:DeleteRolePolicy',
  'iam:DetachRolePolicy',
  'iam:PutRolePermissionsBoundary',
  'iam:PutRolePolicy',
]);

/** Policies of AWS that roles of the estate have. */
const attachable = [
  'arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole',
  'arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyFor*',
  'arn:aws:iam::aws:policy/AWSBackupServiceRolePolicyForS3*',
  'arn:aws:iam::aws:policy/service-role/AWS_ConfigRole',
];

/** Actions of the types that accounts with these roles have, sorted. */
export function actionsIn(accountRoles: readonly AccountRole[], kind: 'read' | 'deploy'): string[] {
  const types = Object.entries(actionsByType).filter(([, { accounts }]) =>
    accounts.some((role) => accountRoles.includes(role)),
  );
  return [...new Set(types.flatMap(([type, { read }]) => (kind === 'read' ? read : deployActions(type))))].sort();
}

/** The documents of the policies of `planRole`, each short enough for a managed policy. */
export function planPolicies(scope: AccessScope): string[] {
  const reads: string[] = [...new Set([...actionsIn(scope.accountRoles, 'read'), ...looks])].sort();
  const values = reads.filter((action) => action.endsWith(':GetSecretValue'));
  return documents([
    ...allow(
      'Read',
      reads.filter((action) => !values.includes(action)),
    ),
    // The values of secrets only of these environments.
    ...(values.length > 0
      ? allow(
          'Secrets',
          values,
          scope.environments.map((name) => `arn:aws:secretsmanager:*:${scope.accountId}:secret:${name}*`),
        )
      : []),
    ...stateStatements(scope, 'plan'),
    ...assumeStatements(scope, scope.planRole),
  ]);
}

/** The documents of the policies of `deployRole`, each short enough for a managed policy. */
export function deployPolicies(scope: AccessScope): string[] {
  const reads = [...new Set([...actionsIn(scope.accountRoles, 'read'), ...looks])];
  const moved = scope.accountRoles.flatMap((role) => moves[role] ?? []);
  const actions = [...new Set([...reads, ...moved, ...actionsIn(scope.accountRoles, 'deploy')])].sort();
  const byName = actions.filter((action) => /^iam:/.test(action) && !reads.includes(action) && !isServiceRole(action));
  const attach = byName.filter((action) => /^iam:(Attach|Detach)RolePolicy$/.test(action));
  const limited = byName.filter((action) => withinBoundary.has(action) && !attach.includes(action));
  const inBoundary = { 'iam:PermissionsBoundary': rolesBoundaryArn(scope.accountId, scope.deployRole) };
  const other = actions.filter((action) => !byName.includes(action) && !isServiceRole(action));
  return documents([
    ...allow('Estate', other),
    ...allow(
      'NamedRoles',
      byName.filter((action) => !withinBoundary.has(action)),
      namedResources(scope),
    ),
    ...(limited.length > 0
      ? [
          {
            Sid: 'LimitedRoles',
            Effect: 'Allow' as const,
            Action: limited,
            Resource: namedResources(scope),
            Condition: { StringEquals: inBoundary },
          },
        ]
      : []),
    ...(attach.length > 0
      ? [
          {
            Sid: 'Attach',
            Effect: 'Allow' as const,
            Action: attach,
            Resource: namedResources(scope),
            Condition: { ArnLike: { 'iam:PolicyARN': attachable }, StringEquals: inBoundary },
          },
        ]
      : []),
    ...allow('ServiceRoles', actions.filter(isServiceRole), `arn:aws:iam::${scope.accountId}:role/aws-service-role/*`),
    ...rehearsalStatements(scope),
    ...stateStatements(scope, 'deploy'),
    ...assumeStatements(scope, scope.deployRole),
  ]);
}

/** Actions that end the audit of an account. */
const auditActions = [
  'cloudtrail:DeleteTrail',
  'cloudtrail:StopLogging',
  'cloudtrail:UpdateTrail',
  'config:DeleteConfigurationRecorder',
  'config:StopConfigurationRecorder',
  'guardduty:DeleteDetector',
];

/**
 * The permissions boundary of `deployRole`: it cannot change its own access, make users or keys, leave the organisation, stop
 * the audit, or assume a role of another name.
 */
export function boundary({ accountId, planRole, deployRole }: AccessScope): string {
  const arn = (name: string) => `arn:aws:iam::${accountId}:${name}`;
  const [document] = documents([
    { Sid: 'Most', Effect: 'Allow', Action: ['*'], Resource: '*' },
    {
      Sid: 'OwnAccess',
      Effect: 'Deny',
      Action: [
        'iam:Add*',
        'iam:Attach*',
        'iam:Create*',
        'iam:Delete*',
        'iam:Detach*',
        'iam:PassRole',
        'iam:Put*',
        'iam:Remove*',
        'iam:Set*',
        'iam:Tag*',
        'iam:Untag*',
        'iam:Update*',
      ],
      Resource: [
        arn(`role/${planRole}`),
        arn(`role/${deployRole}`),
        arn(`policy/${planRole}-*`),
        arn(`policy/${deployRole}-*`),
        arn('oidc-provider/*'),
        arn('saml-provider/*'),
        arn('user/*'),
        arn('group/*'),
      ],
    },
    { Sid: 'OtherRoles', Effect: 'Deny', Action: ['sts:AssumeRole'], NotResource: `arn:aws:iam::*:role/${deployRole}` },
    {
      Sid: 'Audit',
      Effect: 'Deny',
      Action: ['account:*', 'organizations:LeaveOrganization', ...auditActions],
      Resource: '*',
    },
  ]);
  return document!;
}

/**
 * The permissions boundary of the roles that `deployRole` makes: whoever may make roles could otherwise make one with more
 * rights than its own (IAM user guide, "Delegating responsibility to others using permissions boundaries":
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html). They change no access, and become none
 * of the roles that plan and deploy.
 */
export function rolesBoundary({ planRole, deployRole }: AccessScope): string {
  const [document] = documents([
    { Sid: 'Most', Effect: 'Allow', Action: ['*'], Resource: '*' },
    { Sid: 'Access', Effect: 'Deny', Action: ['account:*', 'iam:*', 'organizations:*'], Resource: '*' },
    {
      Sid: 'Deployers',
      Effect: 'Deny',
      Action: ['sts:AssumeRole'],
      Resource: [planRole, deployRole].map((role) => `arn:aws:iam::*:role/${role}`),
    },
    { Sid: 'Audit', Effect: 'Deny', Action: auditActions, Resource: '*' },
  ]);
  return document!;
}

/** Roles and instance profiles whose names begin as those of the environments do. */
function namedResources({ accountId, organisation, environments }: AccessScope): string[] {
  return ['role', 'instance-profile'].flatMap((kind) =>
    environments
      .flatMap((name) => [`${name}-*`, `${organisation}-${name}-*`])
      .map((name) => `arn:aws:iam::${accountId}:${kind}/${name}`),
  );
}

/** The states, and their locks, which a plan writes too. */
function stateStatements({ accountId, states }: AccessScope, role: 'plan' | 'deploy'): Statement[] {
  if (!states) return [];
  const buckets = [...states.buckets, ...states.otherBuckets];
  const within = (suffix: string) => buckets.map((bucket) => `${bucket}/${suffix}`);
  return [
    ...allow('StateBuckets', ['s3:GetBucketVersioning', 's3:ListBucket', 's3:ListBucketVersions'], buckets),
    ...allow('States', ['s3:GetObject', 's3:GetObjectVersion'], within('*')),
    ...allow('Locks', ['s3:DeleteObject', 's3:PutObject'], within('*.tflock')),
    ...(role === 'deploy' ? allow('Write', ['s3:DeleteObject', 's3:PutObject'], within('*/terraform.tfstate')) : []),
    ...allow('StateKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], states.keys),
    // With bucket keys, the encryption context is the bucket
    // (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context).
    ...(states.otherBuckets.length > 0
      ? allow('OtherStateKeys', ['kms:Decrypt', 'kms:GenerateDataKey'], `arn:aws:kms:*:${accountId}:key/*`).map(
          (statement) => ({
            ...statement,
            Condition: { StringEquals: { 'kms:EncryptionContext:aws:s3:arn': states.otherBuckets } },
          }),
        )
      : []),
    ...(states.lockTables.length > 0
      ? allow('LockTables', ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'], states.lockTables)
      : []),
  ];
}

/** Also the role itself: a role that assumes itself needs it (IAM user guide, "AWS JSON policy elements: Principal"). */
function assumeStatements({ assumableIn }: AccessScope, role: string): Statement[] {
  if (assumableIn.length === 0) return [];
  return allow(
    'OtherAccounts',
    ['sts:AssumeRole'],
    assumableIn.map((account) => `arn:aws:iam::${account}:role/${role}`),
  );
}

function allow(Sid: string, Action: readonly string[], Resource: string | readonly string[] = '*'): Statement[] {
  return [{ Sid, Effect: 'Allow', Action, Resource }];
}

const isServiceRole = (action: string) => action === 'iam:CreateServiceLinkedRole';

/** Documents of at most {@link policyCharacters}: statements are kept in order, and one that is too long is cut. */
export function documents(statements: readonly Statement[]): string[] {
  const parts: Statement[][] = [[]];
  const text = (statement: readonly Statement[]) => JSON.stringify({ Version: '2012-10-17', Statement: statement });
  const fits = (statement: readonly Statement[]) => length(text(statement)) <= policyCharacters;
  for (const statement of statements) {
    for (let rest = [...statement.Action], cut = 0; rest.length > 0; ) {
      const named = { ...statement, Sid: cut === 0 ? statement.Sid : `${statement.Sid}${cut + 1}` };
      const current = parts.at(-1)!;
      let most = rest.length;
      while (most > 0 && !fits([...current, { ...named, Action: rest.slice(0, most) }])) most--;
      // Where not one action fits, the whole statement goes into the next document, and keeps its name.
      if (most > 0) {
        current.push({ ...named, Action: rest.slice(0, most) });
        cut++;
      }
      rest = rest.slice(most);
      if (rest.length > 0) parts.push([]);
    }
  }
  return parts.filter((part) => part.length > 0).map(text);
}

/** As long as the document will be: a reference to another stack counts as a typical ARN. */
function length(document: string): number {
  return document.replaceAll(
    /\$\{[^}]*\}/g,
    'arn:aws:kms:ap-northeast-2:000000000000:key/00000000-0000-0000-0000-000000000000',
  ).length;
}
