import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import type { StateSettings } from './state';

function problemsOf(state: Partial<StateSettings>): string[] {
  const { prod } = exampleOrganisation.environments;
  const settings = { ...exampleOrganisation, environments: { prod: { ...prod, state: { ...prod.state, ...state } } } };
  return checkSettings({ settings, regions: exampleRegions, folders: exampleFolders }).map(({ where }) => where);
}

test('what S3 can keep is accepted', () => {
  expect(problemsOf({ oldVersionDays: 1, oldVersionsKept: 100 })).toEqual([]);
});

test.each([
  ['oldVersionDays', 0],
  ['oldVersionDays', 1.5],
  ['oldVersionsKept', 0],
  ['oldVersionsKept', 101],
])('%s of %d is refused where it stands', (field, value) => {
  expect(problemsOf({ [field]: value })).toEqual([`infra.config.ts: environments.prod.state.${field}`]);
});
