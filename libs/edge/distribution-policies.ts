import { CloudfrontCachePolicy } from '@cdktf/provider-aws/lib/cloudfront-cache-policy';
import { CloudfrontOriginRequestPolicy } from '@cdktf/provider-aws/lib/cloudfront-origin-request-policy';
import { CloudfrontResponseHeadersPolicy } from '@cdktf/provider-aws/lib/cloudfront-response-headers-policy';
import { Construct } from 'constructs';
import { waive } from '@platform/libs/stack/waive';
import type { StrictTransportSettings } from '@platform/libs/settings/edge';

export interface DistributionPoliciesProps {
  /** Prefix of the policies' names, which are unique in an account: `prod-us`. */
  readonly name: string;
  readonly strictTransport: StrictTransportSettings;
}

const daySec = 24 * 60 * 60;

/**
 * Cache, origin request and response header policies of distributions.
 *
 * Not AWS's managed policies, because looking those up calls AWS while planning. An account may have up to 20 of each
 * kind (CloudFront developer guide, "Quotas"); a region uses 3, 1 and 1.
 */
export class DistributionPolicies extends Construct {
  /** Caches what the origin allows, separately for each query and cookie. */
  readonly pagesCacheId: string;
  /** Caches for a day if the origin sets no lifetime, for all readers. */
  readonly filesCacheId: string;
  /** Caches nothing. */
  readonly nothingCacheId: string;
  /** Forwards the whole request except its host, which names the distribution and not the origin. */
  readonly requestId: string;
  /** Adds security headers for browsers, and removes headers that describe the server. */
  readonly responseId: string;

  constructor(scope: Construct, id: string, { name, strictTransport }: DistributionPoliciesProps) {
    super(scope, id);
    const none = { headersConfig: { headerBehavior: 'none' } };
    const compressed = { enableAcceptEncodingBrotli: true, enableAcceptEncodingGzip: true };

    this.pagesCacheId = new CloudfrontCachePolicy(this, 'PagesCache', {
      name: `${name}-pages`,
      minTtl: 0,
      defaultTtl: 0,
      maxTtl: 365 * daySec,
      parametersInCacheKeyAndForwardedToOrigin: {
        ...none,
        ...compressed,
        cookiesConfig: { cookieBehavior: 'all' },
        queryStringsConfig: { queryStringBehavior: 'all' },
      },
    }).id;
    this.filesCacheId = new CloudfrontCachePolicy(this, 'FilesCache', {
      name: `${name}-files`,
      minTtl: 1,
      defaultTtl: daySec,
      maxTtl: 365 * daySec,
      parametersInCacheKeyAndForwardedToOrigin: {
        ...none,
        ...compressed,
        cookiesConfig: { cookieBehavior: 'none' },
        queryStringsConfig: { queryStringBehavior: 'none' },
      },
    }).id;
    // With all TTLs at 0, CloudFront refuses anything in the cache key.
    this.nothingCacheId = new CloudfrontCachePolicy(this, 'NothingCache', {
      name: `${name}-nothing`,
      minTtl: 0,
      defaultTtl: 0,
      maxTtl: 0,
      parametersInCacheKeyAndForwardedToOrigin: {
        ...none,
        cookiesConfig: { cookieBehavior: 'none' },
        queryStringsConfig: { queryStringBehavior: 'none' },
      },
    }).id;

    this.requestId = new CloudfrontOriginRequestPolicy(this, 'Request', {
      name: `${name}-request`,
      headersConfig: { headerBehavior: 'allExcept', headers: { items: ['host'] } },
      cookiesConfig: { cookieBehavior: 'all' },
      queryStringsConfig: { queryStringBehavior: 'all' },
    }).id;

    const isPreloaded =
      strictTransport.maxAgeDays >= 365 && strictTransport.subdomains === 'on' && strictTransport.preload === 'on';
    const response = new CloudfrontResponseHeadersPolicy(this, 'Response', {
      name: `${name}-response`,
      securityHeadersConfig: {
        strictTransportSecurity: {
          accessControlMaxAgeSec: strictTransport.maxAgeDays * daySec,
          includeSubdomains: strictTransport.subdomains === 'on',
          preload: strictTransport.preload === 'on',
          override: true,
        },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: 'DENY', override: true },
        referrerPolicy: { referrerPolicy: 'strict-origin-when-cross-origin', override: true },
        // The application's own policy wins, because it knows its sources.
        contentSecurityPolicy: {
          contentSecurityPolicy: "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'",
          override: false,
        },
      },
      removeHeadersConfig: { items: [{ header: 'Server' }, { header: 'X-Powered-By' }] },
    });
    if (!isPreloaded) {
      waive(response, {
        CKV_AWS_259: 'the settings do not lock every name below the domain to HTTPS: internal names may lack it',
      });
    }
    this.responseId = response.id;
  }
}
