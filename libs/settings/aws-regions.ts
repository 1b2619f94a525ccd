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
 * Last zone letter of regions with more zones than `a` to `c` (AWS Regions and Availability Zones, "Availability
 * Zones").
 */
const lastLetters: Readonly<Record<string, string>> = {
  'ap-northeast-1': 'd',
  'ap-northeast-2': 'd',
  'ca-central-1': 'd',
  'us-east-1': 'f',
  'us-west-2': 'd',
};

/** Last letter that a zone of the region can have; default `c`. Which letters an account has differs. */
export function lastZoneLetter(awsRegion: string): string {
  return lastLetters[awsRegion] ?? 'c';
}

/** True when `zone` can be an availability zone of `awsRegion`: its name and a letter up to {@link lastZoneLetter}. */
export function isZoneOf(awsRegion: string, zone: string): boolean {
  const letter = zone.slice(-1);
  return zone.slice(0, -1) === awsRegion && letter >= 'a' && letter <= lastZoneLetter(awsRegion);
}
