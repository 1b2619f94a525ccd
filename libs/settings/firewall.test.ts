import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import type { FirewallSettings } from './firewall';
import { formatProblem } from './problem';

const { prod } = exampleOrganisation.environments;
const problemsOf = (firewall: Partial<FirewallSettings>) =>
  checkSettings({
    settings: {
      ...exampleOrganisation,
      environments: { prod: { ...prod, firewall: { ...(prod.firewall as FirewallSettings), ...firewall } } },
    },
    regions: exampleRegions,
    folders: exampleFolders,
  }).map(formatProblem);

test('a group has a version of AWS, where it has versions', () => {
  expect(problemsOf({ common: { mode: 'block', version: 'Version_1.13' } })).toEqual([]);
  expect(
    problemsOf({ common: { mode: 'block', version: '1.13' }, ipReputation: { mode: 'block', version: 'Version_1.0' } }),
  ).toEqual([
    'infra.config.ts: environments.prod.firewall.ipReputation.version: "Version_1.0" is not possible: this group has no versions; remove it',
    'infra.config.ts: environments.prod.firewall.common.version: "1.13" is not a version of a rule group; write it as Version_1.13',
  ]);
});
