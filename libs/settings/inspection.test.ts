import { exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkInspection } from './inspection';
import type { InspectionSettings } from './inspection';
import type { OrganisationSettings } from './organisation';
import { formatProblem } from './problem';
import type { RegionSettings } from './region';

const { prod } = exampleOrganisation.environments;
const problems = (changes: Partial<OrganisationSettings>, regions: readonly RegionSettings[] = exampleRegions) =>
  checkInspection({ settings: { ...exampleOrganisation, ...changes }, regions, folders: [] }).map(formatProblem);
const withInspection = (changes: Partial<InspectionSettings>) =>
  problems({ environments: { prod: { ...prod, inspection: { ...prod.inspection, ...changes } } } });
const at = 'infra.config.ts: environments.prod.inspection';

test('the example is right', () => {
  expect(problems({})).toEqual([]);
});

test.each<[Partial<InspectionSettings>, string]>([
  [{ instanceType: 'c7i.large' }, `${at}.instanceType: "c7i.large" is not of the arm64 kind`],
  [{ image: 'ami-0eeeeeee' }, `${at}.image: "ami-0eeeeeee" is no full name of an SSM parameter; begin it with /`],
  [{ diskGib: 4 }, `${at}.diskGib: 4 is no size for a root disk in GiB; use 8–16384`],
  [{ perZone: { min: 0, max: 2 } }, `${at}.perZone.min: 0 is no least number of appliances in a zone; use 1–100`],
  [{ perZone: { min: 3, max: 2 } }, `${at}.perZone.max: 2 is no greatest number of appliances in a zone; use 3–100`],
  [{ scaling: { cpuPercent: 95, megabitsPerSec: 1 } }, `${at}.scaling.cpuPercent: 95 is no load`],
  [{ scaling: { cpuPercent: 50, megabitsPerSec: 0.5 } }, `${at}.scaling.megabitsPerSec: 0.5 is no traffic`],
  [{ rulesUrl: 'http://example.com/a.rules' }, `${at}.rulesUrl: "http://example.com/a.rules" is no https address`],
  [{ rulesUrl: "https://example.com/';reboot;'.rules" }, `${at}.rulesUrl: `],
  [{ alertRetentionDays: 2 }, `${at}.alertRetentionDays: CloudWatch Logs cannot keep alerts for 2 days`],
])('%j is refused', (changes, expected) => {
  const found = withInspection(changes);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(expected);
});

test('the segment of inspection has to be there, and is no network', () => {
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
  const external = { name: 'acme', account: '9', region: 'us', segment: 'inspection', cidr: '172.16.0.0/24' };
  const environment = { ...prod, segment: 'inspection', externalAttachments: [external] };
  const [us, ap] = exampleRegions;
  const cidrs = { prod: '10.1.0.0/16' };
  const region = { ...us, vpcs: { lab: { segment: 'inspection', cidrs }, inspection: { cidrs } } };
  expect(problems({ environments: { prod: environment } }, [region, ap])).toEqual([
    expect.stringContaining('environments.prod.segment: "inspection" is not for networks'),
    expect.stringContaining('environments.prod.externalAttachments.0.segment: "inspection" is not for networks'),
    expect.stringContaining('region-us/region.ts: vpcs.lab.segment: "inspection" is not for networks'),
    expect.stringContaining('region-us/region.ts: vpcs.inspection: has the name of the VPC'),
  ]);
});
