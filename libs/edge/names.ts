import type { Environment } from '@platform/libs/settings/environment';
import { applicationName, mainApplication, siteName } from '@platform/libs/settings/physical-names';

/**
 * Paths whose writes distributions forward, unchanged, to `apiOriginName`. The application accepts writes below
 * it only.
 */
export const writePaths = '/api/*';

/**
 * Names on every certificate of the estate: the domain and one level below it. They cover the main name, every region's
 * site and origin, and the API, so a new region changes no certificate.
 */
export function certificateNames({ domain }: Pick<Environment, 'domain'>): [string, string] {
  return [domain, `*.${domain}`];
}

/** Names of a region's distribution: its own site, and in the home region the domain itself. */
export function distributionNames(environment: Pick<Environment, 'domain' | 'home'>, regionKey: string): string[] {
  return [...(regionKey === environment.home ? [environment.domain] : []), siteName(environment, regionKey)];
}

/** Name of an application's accelerator: `prod`, `prod-shop`. */
export function acceleratorName(environment: Pick<Environment, 'name'>, application: string): string {
  return application === mainApplication ? environment.name : applicationName(environment, application);
}
