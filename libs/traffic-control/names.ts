/** Names that two regions must agree on without reading each other's state. IAM names are global. */

export const controlName = (environment: string) => `${environment}-traffic-control`;

export const controlRoleName = (environment: string, regionKey: string) => `${controlName(environment)}-${regionKey}`;

export const readerRoleName = (environment: string, regionKey: string) =>
  `${controlRoleName(environment, regionKey)}-reader`;

/** Event bus of a region's function, in the account of the edge. */
export function controlBusArn(environment: string, awsRegion: string, accountId: string): string {
  return `arn:aws:events:${awsRegion}:${accountId}:event-bus/${controlName(environment)}`;
}

/**
 * Key of the region that the function of `key` judges: the next in alphabetical order, so that every region is judged once
 * and by another one.
 */
export function judgedBy(key: string, keys: readonly string[]): string {
  const sorted = [...keys].sort();
  return sorted[(sorted.indexOf(key) + 1) % sorted.length]!;
}
