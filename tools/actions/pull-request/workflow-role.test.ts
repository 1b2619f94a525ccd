import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { workflowRole } from './workflow-role';

const ci = {
  provider: 'managed',
  issuer: 'token.actions.githubusercontent.com',
  audience: 'sts.amazonaws.com',
  planSubjects: ['repo:acme/platform:ref:refs/heads/main'],
  deploySubjects: ['repo:acme/platform:environment:prod'],
} as const;

function estate(
  given: Partial<typeof ci> | Record<string, string | readonly string[]> | undefined,
  management = '444444444441',
) {
  const { prod } = exampleOrganisation.environments;
  const access = { ...prod!.access, ...(given ? { ci: { ...ci, ...given } } : {}) };
  const accounts = { ...prod!.accounts, management };
  const settings = { ...exampleOrganisation, environments: { prod: { ...prod!, access, accounts } } };
  return { settings, regions: exampleRegions } as Parameters<typeof workflowRole>[0];
}

it('is the plan role for pull requests whose tokens may assume it, and for drift, and the deploy role to deploy', () => {
  const some = estate({ planSubjects: ['repo:acme/platform:pull_request'] });
  expect(workflowRole(some, 'prod', 'review')).toEqual({
    name: 'platform-plan',
    arn: 'arn:aws:iam::444444444441:role/platform-plan',
  });
  expect(workflowRole(estate({}), 'prod', 'drift')).toMatchObject({ name: 'platform-plan' });
  expect(workflowRole(estate({}), 'prod', 'deploy')).toMatchObject({ name: 'platform-deploy' });
});

it.each([
  ['no access of the CI', estate(undefined), 'deploy', 'environments.prod.access.ci is not set'],
  ['no subject of pull requests', estate({}), 'review', 'has no subject that ends with :pull_request'],
  ['an account that is an example', estate({}, '444444444444'), 'deploy', '"444444444444" is an example'],
  ['a repository that is an example', estate({ deploySubjects: ['repo:example/x:y'] }), 'deploy', 'is an example'],
  ['an organisation that is an example', estate({ repository: 'example/x' }), 'deploy', 'is an example'],
  ['no subject to deploy', estate({ deploySubjects: [] }), 'deploy', 'deploySubjects has no subject'],
] as const)('is none with %s, and says so', (_, settings, use, reason) => {
  expect(workflowRole(settings, 'prod', use)).toContain(reason);
});
