import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import type { InspectionSettings } from './inspection';
import type { OrganisationSettings } from './organisation';
import { formatProblem } from './problem';
import type { RegionSettings } from './region';

const { prod } = exampleOrganisation.environments;
const problems = (changes: Partial<OrganisationSettings>, regions: readonly RegionSettings[] = exampleRegions) =>
  checkSettings({ settings: { ...exampleOrganisation, ...changes }, regions, folders: exampleFolders }).map(
    formatProblem,
  );
const withInspection = (changes: Partial<InspectionSettings>) =>
  problems({ environments: { prod: { ...prod, inspection: { ...prod.inspection, ...changes } } } });
const at = 'infra.config.ts: environments.prod.inspection';

test('the example has no problem', () => {
  expect(problems({})).toEqual([]);
});

test.each<[Partial<InspectionSettings>, string]>([
  [{ instanceType: 'c7i.large' }, `${at}.instanceType: "c7i.large" is not of the arm64 kind`],
  [{ instanceType: { us: 'c7gn.large' } }, `${at}.instanceType: there is none for region ap; add ap:`],
  [
    { instanceType: { us: 'c7i.large', ap: 'c7gn.large' } },
    `${at}.instanceType.us: "c7i.large" is not of the arm64 kind`,
  ],
  [
    { instanceType: { us: 'c7gn.large', ap: 'c7gn.large', eu: 'c7gn.large' } },
    `${at}.instanceType.eu: there is no region "eu"`,
  ],
  [{ image: 'ami-0eeeeeee' }, `${at}.image: "ami-0eeeeeee" is not a full name of an SSM parameter; begin it with /`],
  [{ diskGib: 4 }, `${at}.diskGib: 4 is out of bounds; use 8–16384 GiB`],
  [{ perZone: { min: 0, max: 2 } }, `${at}.perZone.min: 0 is out of bounds; use 1–100 appliances`],
  [{ perZone: { min: 3, max: 2 } }, `${at}.perZone.max: 2 is less than the least number, 3; use 3–100`],
  [{ scaling: { cpuPercent: 95, megabitsPerSec: 1 } }, `${at}.scaling.cpuPercent: 95 is out of bounds`],
  [{ scaling: { cpuPercent: 50, megabitsPerSec: 0.5 } }, `${at}.scaling.megabitsPerSec: 0.5 is not a whole number`],
  [{ rulesUrl: 'http://example.com/a.rules' }, `${at}.rulesUrl: "http://example.com/a.rules" is not an https address`],
  [{ rulesUrl: "https://example.com/';reboot;'.rules" }, `${at}.rulesUrl: `],
  [{ alertRetentionDays: 2 }, `${at}.alertRetentionDays: 2 is not possible`],
])('refuses %j', (changes, expected) => {
  const found = withInspection(changes);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(expected);
});

test('the segment of inspection has to be there, and is not a network', () => {
  const { inspection, ...others } = exampleOrganisation.segments;
  expect(problems({ segments: others })).toEqual([expect.stringContaining('segments.inspection: is missing')]);
  expect(problems({ segments: { ...others, inspection: { reaches: ['prod'] } } })).toEqual([
    expect.stringContaining('segments.inspection.reaches: "prod" cannot be reached like a network'),
  ]);
  expect(problems({ segments: { ...others, inspection, partner: { reaches: ['inspection'] } } })).toEqual([
    expect.stringContaining('segments.partner.reaches: "inspection" cannot be reached like a network'),
  ]);
});

test('no network belongs to the segment of inspection', () => {
  const external = {
    name: 'acme',
    account: '999999999999',
    region: 'us',
    segment: 'inspection',
    cidr: '172.16.0.0/24',
  };
  const environment = { ...prod, segment: 'inspection', externalAttachments: [external] };
  const [us, ap] = exampleRegions;
  const vpcs = {
    vpc: { segment: 'inspection', cidrs: { prod: '10.1.0.0/16' } },
    inspection: { cidrs: { prod: '10.2.0.0/16' } },
  };
  expect(problems({ environments: { prod: environment } }, [{ ...us, vpcs }, ap])).toEqual([
    expect.stringContaining('vpcs.inspection: there is no folder'),
    expect.stringContaining('environments.prod.segment: "inspection" is not for networks'),
    expect.stringContaining('environments.prod.externalAttachments.0.segment: "inspection" is not for networks'),
    expect.stringContaining('region-us/region.ts: vpcs.vpc.segment: "inspection" is not for networks'),
    expect.stringContaining('region-us/region.ts: vpcs.inspection: has the name of the VPC'),
  ]);
});
