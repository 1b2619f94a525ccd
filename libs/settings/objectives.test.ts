import { fill } from './effective';
import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkObjectives, objectivesSchema, userPaths, type ObjectivesSettings } from './objectives';

const of = (profile: 'production' | 'development', written: unknown = {}) =>
  fill(objectivesSchema, written, profile) as ObjectivesSettings;

test('production has an objective for every path, and development none', () => {
  expect(userPaths.filter((path) => of('production')[path] === 'none')).toEqual([]);
  expect(userPaths.filter((path) => of('development')[path] !== 'none')).toEqual([]);
});

test('one number of an objective changes alone, and an objective can be left out', () => {
  const { site, orders } = of('production', { site: { region: { rtoSec: 60 } }, orders: 'none' });
  expect(site).toMatchObject({ region: { rtoSec: 60, rpoSec: 900 }, zone: { rtoSec: 300 } });
  expect(orders).toBe('none');
});

test('refuses ranges that begin with the larger number, all at once', () => {
  const prod = structuredClone(exampleOrganisation.environments['prod']!);
  const objectives = {
    ...prod.objectives,
    commonCausePercent: { low: 20, high: 10 },
    traffic: { ...prod.objectives.traffic, requestsPerMonth: { low: 2, high: 1 } },
  };
  const settings = { ...exampleOrganisation, environments: { prod: { ...prod, objectives } } };
  expect(checkObjectives({ settings, regions: exampleRegions, folders: [] }).map(({ where }) => where)).toEqual([
    'infra.config.ts: environments.prod.objectives.commonCausePercent',
    'infra.config.ts: environments.prod.objectives.traffic.requestsPerMonth',
  ]);
});

test('refuses objectives of applications that are not there, and of the main one', () => {
  const prod = structuredClone(exampleOrganisation.environments['prod']!);
  const { site } = of('production');
  if (site === 'none') throw new Error('production has an objective');
  const applications = { ...prod.applications, shop: prod.applications['app']! };
  const problems = (wanted: readonly string[]) => {
    const objectives = { ...prod.objectives, applications: Object.fromEntries(wanted.map((each) => [each, site])) };
    const settings = { ...exampleOrganisation, environments: { prod: { ...prod, applications, objectives } } };
    return checkObjectives({ settings, regions: exampleRegions, folders: [] }).map(({ where }) => where);
  };
  expect(problems(['shop'])).toEqual([]);
  expect(problems(['shop', 'app', 'gone'])).toEqual([
    'infra.config.ts: environments.prod.objectives.applications.app',
    'infra.config.ts: environments.prod.objectives.applications.gone',
  ]);
});
