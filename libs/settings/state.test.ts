import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import type { StateSettings } from './state';

function problemsOf(state: Partial<StateSettings>): string[] {
  const { prod } = exampleOrganisation.environments;
  const settings = { ...exampleOrganisation, environments: { prod: { ...prod, state: { ...prod.state, ...state } } } };
  return checkSettings({ settings, regions: exampleRegions, folders: exampleFolders }).map(({ where }) => where);
}

test('accepts what S3 can keep', () => {
  expect(problemsOf({ oldVersionDays: 1, oldVersionsKept: 100 })).toEqual([]);
});

test.each([
  ['oldVersionDays', 0],
  ['oldVersionDays', 1.5],
  ['oldVersionsKept', 0],
  ['oldVersionsKept', 101],
])('refuses %s of %d, with its place', (field, value) => {
  expect(problemsOf({ [field]: value })).toEqual([`infra.config.ts: environments.prod.state.${field}`]);
});

const cloud = { organization: 'acme', hostname: 'app.terraform.io' };

test('accepts workspaces of HCP Terraform', () => {
  expect(problemsOf({ backend: 'cloud', cloud: { ...cloud, project: 'platform' } })).toEqual([]);
});

test.each<[string, Partial<StateSettings>, string]>([
  ['the backend cloud without an organization', { backend: 'cloud' }, 'backend'],
  ['workspaces for the backend s3', { cloud }, 'cloud'],
  ['a lock of S3 for the backend cloud', { backend: 'cloud', cloud, locking: 's3-and-dynamodb' }, 'locking'],
  ['an address for the host', { backend: 'cloud', cloud: { ...cloud, hostname: 'https://tfe' } }, 'cloud.hostname'],
  ['no name', { backend: 'cloud', cloud: { ...cloud, organization: '' } }, 'cloud.organization'],
])('refuses %s', (_, state, field) => {
  expect(problemsOf(state)).toEqual([`infra.config.ts: environments.prod.state.${field}`]);
});
