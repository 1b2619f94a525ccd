import { actionsByType, deployActions } from './actions-by-type';
import {
  actionsIn,
  boundary,
  deployPolicies,
  documents,
  planPolicies,
  policyCharacters,
  rolesBoundary,
  type AccessScope,
} from './policies';

const scope = (more: Partial<AccessScope> = {}): AccessScope => ({
  accountId: '111111111111',
  accountRoles: ['network'],
  organisation: 'example',
  environments: ['prod'],
  planRole: 'platform-plan',
  deployRole: 'platform-deploy',
  assumableIn: [],
  ...more,
});
const everything = scope({
  accountRoles: ['network', 'workload', 'edge', 'management'],
  assumableIn: ['111111111111'],
  states: {
    buckets: ['arn:aws:s3:::example-prod-terraform-state-us'],
    keys: ['${data.terraform_remote_state.global-state.outputs.keyArns.us}'],
    lockTables: [],
    otherBuckets: [],
  },
});

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}
const statementsOf = (texts: readonly string[]) =>
  texts.flatMap((text) => (JSON.parse(text) as { Statement: Statement[] }).Statement);
const actionsOf = (texts: readonly string[]) => statementsOf(texts).flatMap(({ Action }) => Action);

test.each([
  ['plan', planPolicies],
  ['deploy', deployPolicies],
] as const)(
  'the policies of %s fit into IAM: 6,144 characters each, 10 for a role, also in one account for all',
  (_, policies) => {
    const texts = policies(everything);
    expect(texts.length).toBeLessThanOrEqual(10);
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(policyCharacters);
  },
);

test('the deploy role moves the writer in the workload account, and latches in the edge account', () => {
  const actions = (accountRoles: AccessScope['accountRoles']) => actionsOf(deployPolicies(scope({ accountRoles })));
  expect(actions(['workload'])).toEqual(
    expect.arrayContaining([
      'rds:FailoverGlobalCluster',
      'rds:SwitchoverGlobalCluster',
      'autoscaling:SetDesiredCapacity',
    ]),
  );
  expect(actions(['edge'])).toContain('cloudwatch:PutMetricData');
  expect(actions(['network'])).not.toContain('cloudwatch:PutMetricData');
});

test('a statement that is too long is cut, and loses nothing', () => {
  const actions = Array.from({ length: 900 }, (_, index) => `service:DescribeSomethingWithALongName${index}`);
  const texts = documents([{ Sid: 'All', Effect: 'Allow', Action: actions, Resource: '*' }]);
  expect(texts.length).toBeGreaterThan(5);
  expect(actionsOf(texts)).toEqual(actions);
  for (const text of texts) expect(text.length).toBeLessThanOrEqual(policyCharacters);
});

test('each action is a service and one name', () => {
  const all = Object.values(actionsByType).flatMap(({ read, write }) => [...read, ...write]);
  expect(all.filter((action) => !/^[a-z0-9-]+:[A-Z][A-Za-z0-9]+$/.test(action))).toEqual([]);
});

test('the plan role only reads, but for the locks of states', () => {
  const writes = actionsOf(planPolicies(everything)).filter(
    (action) => !/:(Get|List|Describe|Search|Simulate|View)/.test(action),
  );
  expect(new Set(writes)).toEqual(
    new Set(['s3:PutObject', 's3:DeleteObject', 'kms:Decrypt', 'kms:GenerateDataKey', 'sts:AssumeRole']),
  );
  const locks = statementsOf(planPolicies(everything)).filter(({ Action }) => Action.includes('s3:PutObject'));
  expect(locks.map(({ Resource }) => Resource)).toEqual([['arn:aws:s3:::example-prod-terraform-state-us/*.tflock']]);
});

test('the deploy role has every action of the types in its account', () => {
  const allowed = actionsOf(deployPolicies(everything));
  for (const type of Object.keys(actionsByType)) {
    for (const action of deployActions(type)) expect(allowed).toContain(action);
  }
  // What gives rights is the bootstrap's.
  expect(allowed).not.toContain('iam:CreatePolicy');
  expect(allowed).not.toContain('iam:CreateOpenIDConnectProvider');
});

test('an account has the actions of its own types only', () => {
  expect(actionsIn(['edge'], 'deploy')).not.toContain('ec2:CreateVpc');
  expect(actionsOf(deployPolicies(scope()))).toContain('ec2:CreateVpc');
  expect(actionsOf(deployPolicies(scope()))).not.toContain('rds:CreateDBCluster');
});

test('roles are made and passed by names that begin as those of the environment', () => {
  const texts = deployPolicies(scope({ accountRoles: ['workload'] }));
  for (const { Action, Resource } of statementsOf(texts)) {
    const writes = Action.filter((action) => /^iam:(Create|Put|Pass|Attach|Delete|Update)/.test(action));
    if (writes.length > 0) expect(Resource).not.toBe('*');
  }
  expect(texts.join('')).toContain('arn:aws:iam::111111111111:role/prod-*');
});

test('the deploy role makes, changes and extends roles only within the boundary of roles', () => {
  const changes =
    /^iam:((Create|UpdateAssume)Role|(Put|Delete)RolePolicy|(Attach|Detach)RolePolicy|PutRolePermissionsBoundary)$/;
  const statements = statementsOf(deployPolicies(scope({ accountRoles: ['workload'] })));
  const rights = statements.filter(({ Action }) => Action.some((action) => changes.test(action)));
  const limited = rights.filter(({ Condition }) => Condition?.['StringEquals']?.['iam:PermissionsBoundary']);
  const actions = limited.flatMap(({ Action }) => Action);
  expect(limited.map(({ Condition }) => Condition!['StringEquals']!['iam:PermissionsBoundary'])).toEqual(
    limited.map(() => 'arn:aws:iam::111111111111:policy/platform-deploy-roles-boundary'),
  );
  expect([...actions].sort()).toEqual([
    'iam:AttachRolePolicy',
    'iam:CreateRole',
    'iam:DeleteRolePolicy',
    'iam:DetachRolePolicy',
    'iam:PutRolePermissionsBoundary',
    'iam:PutRolePolicy',
  ]);
  // Without it a role could lose its boundary.
  expect(statements.flatMap(({ Action }) => Action)).not.toContain('iam:DeleteRolePermissionsBoundary');
});

test('a role of the estate can change no access and become none of the roles that deploy', () => {
  const { Statement } = JSON.parse(rolesBoundary(scope())) as { Statement: (Statement & { Effect: string })[] };
  const denied = Statement.filter(({ Effect }) => Effect === 'Deny');
  expect(denied.flatMap(({ Action }) => Action)).toEqual(expect.arrayContaining(['iam:*', 'organizations:*']));
  expect(denied.find(({ Action }) => Action.includes('sts:AssumeRole'))?.Resource).toEqual([
    'arn:aws:iam::*:role/platform-plan',
    'arn:aws:iam::*:role/platform-deploy',
  ]);
});

test('a role of an account with two environments works in both', () => {
  const both = scope({
    accountRoles: ['workload', 'management'],
    environments: ['prod', 'staging'],
    states: { ...everything.states!, otherBuckets: ['arn:aws:s3:::example-staging-terraform-state-us'] },
  });
  for (const texts of [planPolicies(both), deployPolicies(both)]) {
    expect(texts.join('')).toContain('arn:aws:s3:::example-staging-terraform-state-us/*');
    const [key] = statementsOf(texts).filter(({ Sid }) => Sid === 'OtherStateKeys');
    expect(key!.Condition).toEqual({
      StringEquals: { 'kms:EncryptionContext:aws:s3:arn': ['arn:aws:s3:::example-staging-terraform-state-us'] },
    });
  }
  expect(deployPolicies(both).join('')).toContain('arn:aws:iam::111111111111:role/staging-*');
  expect(planPolicies(both).join('')).toContain('secret:staging*');
});

test('the boundary keeps the deploy role from its own access', () => {
  const text = boundary(scope());
  for (const name of [
    'role/platform-deploy',
    'role/platform-plan',
    'policy/platform-deploy-*',
    'oidc-provider/*',
    'user/*',
  ]) {
    expect(text).toContain(`arn:aws:iam::111111111111:${name}`);
  }
  expect(text.length).toBeLessThanOrEqual(policyCharacters);
});
