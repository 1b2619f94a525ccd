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
