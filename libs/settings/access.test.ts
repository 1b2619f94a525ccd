import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkAccess, ciOf, type AccessSettings } from './access';
import { formatProblem } from './problem';

const [name, prod] = Object.entries(exampleOrganisation.environments)[0]!;
const ci = {
  provider: 'managed',
  issuer: 'token.actions.githubusercontent.com',
  audience: 'sts.amazonaws.com',
  planSubjects: ['repo:acme/platform:pull_request'],
  deploySubjects: ['repo:acme-1/platform-2:environment:prod'],
} as const;
const problems = (access: Partial<AccessSettings>) =>
  checkAccess({
    settings: {
      ...exampleOrganisation,
      environments: { [name]: { ...prod, access: { ...prod.access, ...access } } },
    },
    regions: exampleRegions,
    folders: [],
  } as unknown as Parameters<typeof checkAccess>[0]).map(formatProblem);

test('accepts roles of accounts, and subjects that name a repository', () => {
  expect(
    problems({
      ci,
      operators: ['arn:aws:iam::999999999999:role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_Platform_*'],
    }),
  ).toEqual([]);
});

test.each(['repo:*', 'repo:*/platform:*', '*', 'repo:acme*'])(
  'refuses the subject %s, which lets strangers in',
  (subject) => {
    expect(problems({ ci: { ...ci, deploySubjects: [subject] } })).toEqual([
      expect.stringContaining(
        `access.ci.deploySubjects.0: "${subject}" does not name an organisation and a repository`,
      ),
    ]);
  },
);

describe('the repository of the CI', () => {
  const { planSubjects: _, deploySubjects: __, ...provider } = ci;
  const byDefault = {
    ...provider,
    planSubjects: ['repo:{repository}:ref:refs/heads/main'],
    deploySubjects: ['repo:{repository}:environment:{environment}'],
  };

  it('is in the default subjects, with the environment', () => {
    const access = { ...prod.access, ci: { ...byDefault, repository: 'acme-1/platform-2' } };
    expect(problems(access)).toEqual([]);
    expect(ciOf({ access, name: 'perf' })).toMatchObject({
      planSubjects: ['repo:acme-1/platform-2:ref:refs/heads/main'],
      deploySubjects: ['repo:acme-1/platform-2:environment:perf'],
    });
  });

  it('is required by subjects that use it, and by no others', () => {
    expect(problems({ ci: { ...byDefault, deploySubjects: ci.deploySubjects } })).toEqual([
      expect.stringContaining('access.ci.repository: is missing, and planSubjects use it'),
    ]);
  });

  test.each(['acme', '*/platform', 'acme/platform:x', 'https://github.com/acme/platform'])(
    'is not %s',
    (repository) => {
      expect(problems({ ci: { ...byDefault, repository } })).toEqual([
        expect.stringContaining(`access.ci.repository: "${repository}" is not a repository on GitHub`),
      ]);
    },
  );
});

test('refuses a boundary that is an ARN', () => {
  expect(problems({ rolesBoundary: 'arn:aws:iam::aws:policy/Limits' })).toEqual([
    expect.stringContaining('access.rolesBoundary: "arn:aws:iam::aws:policy/Limits" is not a name of a policy'),
  ]);
  expect(problems({ rolesBoundary: 'Limits' })).toEqual([]);
});

test('refuses an operator of no account, and an issuer that is an address', () => {
  expect(problems({ operators: ['arn:aws:iam::*:role/x'], ci: { ...ci, issuer: 'https://gitlab.example' } })).toEqual([
    expect.stringContaining('access.operators.0: "arn:aws:iam::*:role/x" is not the ARN of an IAM role in an account'),
    expect.stringContaining('access.ci.issuer: "https://gitlab.example" is not a host'),
  ]);
});
