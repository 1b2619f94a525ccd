/**
 * Columns of the distributions' access logs, in order: those of CloudFront's standard log except cookies, which are
 * secrets of the readers, and ranges and field-level encryption, which are not used (CloudFront developer guide,
 * "Standard logging (v2)").
 */
export const accessLogFields = [
  'date',
  'time',
  'x-edge-location',
  'sc-bytes',
  'c-ip',
  'cs-method',
  'cs(Host)',
  'cs-uri-stem',
  'sc-status',
  'cs(Referer)',
  'cs(User-Agent)',
  'cs-uri-query',
  'x-edge-result-type',
  'x-edge-request-id',
  'x-host-header',
  'cs-protocol',
  'cs-bytes',
  'time-taken',
  'x-forwarded-for',
  'ssl-protocol',
  'ssl-cipher',
  'x-edge-response-result-type',
  'cs-protocol-version',
  'c-port',
  'time-to-first-byte',
  'x-edge-detailed-result-type',
  'sc-content-type',
  'sc-content-len',
] as const;

/** Folder of an hour below AWS's prefix `AWSLogs/<account>/CloudFront/`. */
export const accessLogPath = '{DistributionId}/{yyyy}/{MM}/{dd}/{HH}';
