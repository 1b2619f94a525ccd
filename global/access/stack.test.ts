import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { synthStack } from '@platform/libs/testing/synth-stack';
import infra from '@platform/infra.config';
import { AccessStack } from './stack';

const [first] = Object.keys(infra.environments) as [string];
const { accounts } = exampleEnvironment();
const access: Environment['access'] = {
  roles: 'managed',
  operators: [],
  ci: {
    provider: 'managed',
    issuer: 'token.actions.githubusercontent.com',
    audience: 'sts.amazonaws.com',
    planSubjects: ['repo:acme/platform:pull_request'],
    deploySubjects: ['repo:acme/platform:environment:prod'],
  },
};
const environment: Environment = { ...selectEnvironment(infra, first), accounts, access };
const synthesise = (other: Partial<Environment> = {}) =>
  synthStack((app) => new AccessStack(app, { ...environment, ...other }));
const trustOf = (stack: ReturnType<typeof synthesise>, id: string) =>
  (JSON.parse(stack.resource('aws_iam_role', id)['assume_role_policy']) as { Statement: Record<string, unknown>[] })
    .Statement;

test('every account has both roles, and the deploy role its boundary', () => {
  const stack = synthesise();
  const roles = stack.resources('aws_iam_role');
  expect(roles.map(({ name }) => name).sort()).toEqual([
    ...Array<string>(4).fill(environment.deployRole),
    ...Array<string>(4).fill(environment.planRole),
  ]);
  for (const role of roles) {
    expect(Boolean(role['permissions_boundary'])).toBe(role['name'] === environment.deployRole);
  }
  expect(stack.count('aws_iam_openid_connect_provider')).toBe(4);
  const policies = stack.resources('aws_iam_policy').map(({ name }) => name as string);
  expect(policies.filter((name) => name === `${environment.deployRole}-roles-boundary`)).toHaveLength(4);
});

test('one account in all roles has them once, and needs no other provider', () => {
  const one = accounts.management;
  const stack = synthesise({ accounts: { network: one, workload: one, edge: one, management: one } });
  expect(stack.count('aws_iam_role')).toBe(2);
  expect(stack.providers()).toHaveLength(1);
});

test('the CI assumes a role by the subject of its token, another for each role', () => {
  const stack = synthesise();
  const [, ci] = trustOf(stack, 'Network/Deploy');
  expect(ci).toMatchObject({
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
      StringLike: { 'token.actions.githubusercontent.com:sub': ['repo:acme/platform:environment:prod'] },
    },
  });
  expect(JSON.stringify(trustOf(stack, 'Network/Plan'))).not.toContain('environment:prod');
});

test('without a CI no role trusts a token; with an existing provider none is made', () => {
  const { ci: _, ...without } = access;
  const stack = synthesise({ access: without });
  expect(stack.count('aws_iam_openid_connect_provider')).toBe(0);
  expect(trustOf(stack, 'Edge/Deploy')).toHaveLength(1);
  const existing = synthesise({ access: { ...access, ci: { ...access.ci!, provider: 'existing' } } });
  expect(existing.count('aws_iam_openid_connect_provider')).toBe(0);
  expect(JSON.stringify(trustOf(existing, 'Edge/Deploy'))).toContain(
    `arn:aws:iam::${accounts.edge}:oidc-provider/token.actions.githubusercontent.com`,
  );
});

test('people are those of the settings, beside the role of the same name in the management account', () => {
  const operators = ['arn:aws:iam::999999999999:role/engineers'];
  const [people] = trustOf(synthesise({ access: { ...access, operators } }), 'Workload/Deploy');
  expect(people).toMatchObject({
    Principal: { AWS: [`arn:aws:iam::${accounts.management}:root`, 'arn:aws:iam::999999999999:root'] },
    Condition: {
      ArnLike: {
        'aws:PrincipalArn': [`arn:aws:iam::${accounts.management}:role/${environment.deployRole}`, ...operators],
      },
    },
  });
});

test('only the management account has the states, and the way into the other accounts', () => {
  const policies = synthesise().resources('aws_iam_policy');
  const named = (text: string) => policies.filter(({ policy }) => (policy as string).includes(text));
  expect(new Set(named('terraform-state').map(({ provider }) => provider))).toEqual(new Set(['aws']));
  expect(new Set(named('OtherAccounts').map(({ provider }) => provider))).toEqual(new Set(['aws']));
});

test('in an account of two environments the first makes the roles, for both', () => {
  const staging: Environment = {
    ...environment,
    name: 'second',
    accounts: { ...accounts, network: '666666666666', management: '777777777777' },
    access: { ...access, ci: { ...access.ci!, deploySubjects: ['repo:acme/platform:environment:second'] } },
  };
  const both = [environment, staging];
  const first = synthStack((app) => new AccessStack(app, environment, both));
  const second = synthStack((app) => new AccessStack(app, staging, both));
  const placesOf = (stack: typeof first) =>
    stack.resources('aws_iam_role').map(({ name, provider }) => `${String(name)} ${String(provider ?? 'aws')}`);
  expect(placesOf(first)).toHaveLength(8);
  // Its own two accounts; the others have the roles already.
  expect(new Set(placesOf(second))).toEqual(
    new Set([
      `${environment.deployRole} aws.network`,
      `${environment.planRole} aws.network`,
      `${environment.deployRole} aws`,
      `${environment.planRole} aws`,
    ]),
  );
  const text = JSON.stringify(trustOf(first, 'Workload/Deploy'));
  expect(text).toContain('repo:acme/platform:environment:prod');
  expect(text).toContain('repo:acme/platform:environment:second');
  expect(text).toContain('arn:aws:iam::777777777777:root');
  expect(JSON.stringify(trustOf(first, 'Network/Deploy'))).not.toContain('environment:second');
  const policies = first
    .resources('aws_iam_policy')
    .map(({ policy }) => policy as string)
    .join('');
  expect(policies).toContain(`arn:aws:iam::${accounts.workload}:role/second-*`);
  expect(policies).not.toContain(`arn:aws:iam::${accounts.network}:role/second-*`);
});

test('this environment has the values that it is given, also where the settings have others', () => {
  const operators = ['arn:aws:iam::999999999999:role/engineers'];
  const given: Environment = { ...environment, access: { ...access, operators } };
  const stack = synthStack((app) => new AccessStack(app, given, [environment]));
  expect(JSON.stringify(trustOf(stack, 'Edge/Plan'))).toContain(operators[0]);
});

test('roles that others made are not made again', () => {
  const stack = synthesise({ access: { ...access, roles: 'existing' } });
  expect(stack.addresses()).toEqual([]);
  expect(stack.outputs()['deployRole']).toBe(environment.deployRole);
});
