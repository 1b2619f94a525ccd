import type { Environment } from '@platform/libs/settings/environment';

type Domain = Pick<Environment, 'domain'>;

/** Name that clients of the API call at every level: `api.example.com`. */
export function apiName({ domain }: Domain): string {
  return `api.${domain}`;
}

/**
 * Name by which distributions call the API, `origin-api.example.com`; it follows regions like {@link apiName}. It is
 * separate so that load balancers can require the distributions' header for it, which clients of the API do not send.
 */
export function apiOriginName({ domain }: Domain): string {
  return `origin-api.${domain}`;
}

/**
 * Paths whose writes distributions forward, unchanged, to {@link apiOriginName}. The application accepts writes below
 * it only.
 */
export const writePaths = '/api/*';

/** Name of a region's website, served by that region's distribution: `us.example.com`. */
export function siteName({ domain }: Domain, regionKey: string): string {
  return `${regionKey}.${domain}`;
}

/**
 * Name of a region's load balancer: `origin-us.example.com`. Distributions and health checks use it, so that the load
 * balancer's certificate matches and its AWS DNS name may change.
 */
export function originName({ domain }: Domain, regionKey: string): string {
  return `origin-${regionKey}.${domain}`;
}

/**
 * Names on every certificate of the estate: the domain and one level below it. They cover the main name, every region's
 * site and origin, and the API, so a new region changes no certificate.
 */
export function certificateNames({ domain }: Domain): [string, string] {
  return [domain, `*.${domain}`];
}

/** Names of a region's distribution: its own site, and in the home region the domain itself. */
export function distributionNames(environment: Pick<Environment, 'domain' | 'home'>, regionKey: string): string[] {
  return [...(regionKey === environment.home ? [environment.domain] : []), siteName(environment, regionKey)];
}
