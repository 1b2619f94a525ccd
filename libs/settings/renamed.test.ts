import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import { defineOrganisation, type OrganisationInput } from './organisation';
import { formatProblem } from './problem';
import type { RegionSettings } from './region';

const folders = ['region-ap', 'region-ap/vpc', 'region-us', 'region-us/vpc'];

/** The example with former names wherever there is one. */
function formerExample() {
  const settings = JSON.parse(
    JSON.stringify(exampleOrganisation)
      .replaceAll(/"(single|multi)-writer"/g, '"$1"')
      .replaceAll('"scaled-to-zero"', '"retired"')
      .replaceAll('"active":', '"serving":')
      .replaceAll('"standby":{"standby"', '"waiting":{"standby"')
      .replaceAll('"standby":1', '"waiting":1')
      .replace(/"applications":\{"app":(.*?)\}(,"inspection":\{)/, `"application":$1$2`),
  ) as OrganisationInput;
  const regions = exampleRegions.map(({ role, ...region }) => ({ ...region, standing: role }));
  return { settings, regions: regions as unknown as RegionSettings[], folders };
}

const inProd = (path: string) => `infra.config.ts: environments.prod.${path}`;
const expected = [
  `${inProd('application.capacity.serving')}: is the former name of active; write active`,
  `${inProd('application.capacity.waiting')}: is the former name of standby; write standby`,
  `${inProd('application.idleColour')}: "retired" is the former name of "scaled-to-zero"; write 'scaled-to-zero'`,
  `${inProd('dataStores.database.instances.serving')}: is the former name of active; write active`,
  `${inProd('dataStores.database.instances.waiting')}: is the former name of standby; write standby`,
  `${inProd('dataStores.database.writers')}: "single" is the former name of "single-writer"; write 'single-writer'`,
  `${inProd('application')}: is the former name of applications.app; write applications.app`,
];

test.each([
  ['completed with defaults', defineOrganisation(formerExample().settings)],
  ['written in full', formerExample().settings as typeof exampleOrganisation],
])('refuses every former name once, and nothing else, in settings that are %s', (_, settings) => {
  const problems = checkSettings({ ...formerExample(), settings }).map(formatProblem);
  const regions = problems.filter((problem) => problem.startsWith('region-'));
  const tablesAndBuckets = problems.filter((problem) => /\.(tables|buckets)\./.test(problem));
  expect(regions).toEqual(
    exampleRegions.map(({ key }) => `region-${key}/region.ts: standing: is the former name of role; write role`),
  );
  expect(tablesAndBuckets).toContain(
    `${inProd('dataStores.tables.sessions.writers')}: "multi" is the former name of "multi-writer"; write 'multi-writer'`,
  );
  const others = problems.filter((problem) => !regions.includes(problem) && !tablesAndBuckets.includes(problem));
  expect(others.filter((problem) => problem.includes('.prod.'))).toEqual(expected);
  expect(problems.every((problem) => problem.includes(' is the former name of '))).toBe(true);
});

test('checks the value under a former name', () => {
  const { settings, regions } = formerExample();
  const problems = checkSettings({
    settings: settings as typeof exampleOrganisation,
    regions: regions.map((region) => ({ ...region, standing: 'cold' })),
    folders,
  }).map(formatProblem);
  expect(problems).toContain('region-us/region.ts: role: there is no "cold"; use one of primary, standby');
});
