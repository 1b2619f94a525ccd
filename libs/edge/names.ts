import type { Environment } from '@platform/libs/settings/environment';
import { siteName } from '@platform/libs/settings/physical-names';

export { apiName, apiOriginName, originName, siteName } from '@platform/libs/settings/physical-names';
/** Paths of which distributions pass writes on, unchanged, to `apiOriginName`. What the application lets people write is below it. */
export const writePaths = '/api/*';

/**
 * Names on every certificate of the estate: the domain and one level below it. One certificate per region then covers
 * the main name, every region's site and origin, and the API, and a new region changes no certificate.
 */
export function certificateNames({ domain }: Pick<Environment, 'domain'>): [string, string] {
  return [domain, `*.${domain}`];
}

/** Names that a region's distribution answers to: its own site, and in the home region the domain itself. */
export function distributionNames(environment: Pick<Environment, 'domain' | 'home'>, regionKey: string): string[] {
  return [...(regionKey === environment.home ? [environment.domain] : []), siteName(environment, regionKey)];
}
