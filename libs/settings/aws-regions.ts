/** AWS's commercial regions (partition `aws`; AWS General Reference, "Regions and endpoints"). Add new regions here. */
export const awsRegions: readonly string[] = [
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-northeast-1',
  'ap-northeast-2',
  'ap-northeast-3',
  'ap-south-1',
  'ap-south-2',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-central-1',
  'ca-west-1',
  'eu-central-1',
  'eu-central-2',
  'eu-north-1',
  'eu-south-1',
  'eu-south-2',
  'eu-west-1',
  'eu-west-2',
  'eu-west-3',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
  'sa-east-1',
  'us-east-1',
  'us-east-2',
  'us-west-1',
  'us-west-2',
];

/**
 * Regions of {@link awsRegions} that Terraform refuses as a name: its S3 backend, of Terraform 1.11.4, knows neither, and the
 * AWS provider 5.100.0 does not know the second. `tools/terraform/region-validation.test.ts` asks both about the newest; one that
 * opens later belongs here too.
 */
const newerThanTerraform: readonly string[] = ['ap-east-2', 'ap-southeast-6'];

/**
 * True where Terraform's own check of region names has to be switched off, in backends, state reads and providers alike. The
 * settings' check has found that AWS has the region.
 */
export function isNewerThanTerraform(awsRegion: string): boolean {
  return newerThanTerraform.includes(awsRegion);
}

/** Regions that no latency record can name: the AWS provider 5.100.0 has a list of its own for `aws_route53_record`. */
const withoutLatencyRecords: readonly string[] = ['ap-southeast-6'];

/** False for a region that cannot be one of several that take traffic at once. */
export function hasLatencyRecords(awsRegion: string): boolean {
  return !withoutLatencyRecords.includes(awsRegion);
}

/**
 * Zones of regions whose first three ids are not `az1` to `az3` (AWS Regions and Availability Zones, "AWS Availability
 * Zones": https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html). In us-east-1,
 * `az3` offers no current instance types.
 */
const firstZoneNumbers: Readonly<Record<string, readonly number[]>> = {
  'ap-northeast-1': [1, 2, 4],
  'ca-central-1': [1, 2, 4],
  'us-east-1': [1, 2, 4],
  'us-west-1': [1, 3],
};

/**
 * What all zone ids of a region begin with: `use1-az` for us-east-1, `apne2-az` for ap-northeast-2. The id of a zone is the
 * same in every account; its name is not (the same page, "AZ IDs":
 * https://docs.aws.amazon.com/global-infrastructure/latest/regions/az-ids.html).
 */
function zoneIdStart(awsRegion: string): string {
  const [area = '', direction = '', number = ''] = awsRegion.split('-');
  const letters = (direction.match(/north|south|east|west|central/g) ?? []).map((word) => word.charAt(0)).join('');
  return `${area}${letters}${number}-az`;
}

/** Ids of a region's first zones, for a new region: three, or as many as there are. */
export function firstZoneIds(awsRegion: string): string[] {
  return (firstZoneNumbers[awsRegion] ?? [1, 2, 3]).map((number) => `${zoneIdStart(awsRegion)}${number}`);
}

/** True when `zone` can be the id of an availability zone of `awsRegion`. Whether the zone exists, AWS knows. */
export function isZoneIdOf(awsRegion: string, zone: string): boolean {
  const start = zoneIdStart(awsRegion);
  return zone.startsWith(start) && /^[1-9]$/.test(zone.slice(start.length));
}
