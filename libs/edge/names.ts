import type { Environment } from '@platform/libs/settings/environment';

type Domain = Pick<Environment, 'domain'>;

/** Name that clients of the API call in every level: `api.example.com`. */
export function apiName({ domain }: Domain): string {
  return `api.${domain}`;
}

/**
 * Name by which distributions call the API, `origin-api.example.com`: it follows regions like {@link apiName}. A name of its
 * own, so that balancers can ask its callers for the distributions' header, which clients of the API do not have.
 */
export function apiOriginName({ domain }: Domain): string {
  return `origin-api.${domain}`;
}

/** Paths of which distributions pass writes on, unchanged, to {@link apiOriginName}. What the application lets people write is below it. */
export const writePaths = '/api/*';

/** Name of a region's website, answered by that region's distribution: `us.example.com`. */
export function siteName({ domain }: Domain, regionKey: string): string {
  return `${regionKey}.${domain}`;
}

/**
 * Name of a region's load balancer: `origin-us.example.com`. Distributions and health checks use it, so that the
 * balancer's certificate matches and its DNS name at AWS may change.
 */
export function originName({ domain }: Domain, regionKey: string): string {
  return `origin-${regionKey}.${domain}`;
}

/**
 * Names on every certificate of the estate: the domain and one level below it. One certificate per region then covers
 * the main name, every region's site and origin, and the API, and a new region changes no certificate.
 */
export function certificateNames({ domain }: Domain): [string, string] {
  return [domain, `*.${domain}`];
}

/** Names that a region's distribution answers to: its own site, and in the home region the domain itself. */
export function distributionNames(environment: Pick<Environment, 'domain' | 'home'>, regionKey: string): string[] {
  return [...(regionKey === environment.home ? [environment.domain] : []), siteName(environment, regionKey)];
}
