import { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { CloudfrontOriginAccessControl } from '@cdktf/provider-aws/lib/cloudfront-origin-access-control';
import { Construct } from 'constructs';
import type { OriginFailoverSettings, StrictTransportSettings } from '@platform/libs/settings/edge';
import { waive } from '@platform/libs/stack/waive';
import { DistributionPolicies } from './distribution-policies';
import { writePaths } from './names';

export interface DistributionProps {
  /** Prefix of names that are unique in an account: `prod-us`. */
  readonly name: string;
  /** Names that it serves. AWS allows a name on one distribution only. */
  readonly aliases: readonly string[];
  /** Certificate in us-east-1 that covers the aliases. */
  readonly certificateArn: string;
  /** Web ACL in us-east-1, scope CLOUDFRONT. */
  readonly webAclArn: string;
  readonly failover: OriginFailoverSettings;
  readonly strictTransport: StrictTransportSettings;
  /**
   * Names of the load balancers for pages; their certificates cover them. The second is used when the first one fails.
   */
  readonly balancers: readonly [string, string];
  /** Origin of `/api/*`: a name that follows the health of regions, to any load balancer. */
  readonly api: string;
  /** Header by which every load balancer recognises the estate's distributions. */
  readonly header: { readonly name: string; readonly value: string };
  /** Further applications: each answers below `/<name>/`, at an origin that follows its health. Default: none. */
  readonly applications?: readonly {
    readonly name: string;
    readonly origin: string;
    readonly header: { readonly name: string; readonly value: string };
  }[];
  /** DNS names of two copies of the bucket for `/static/*`. Absent: load balancers serve that path too. */
  readonly buckets?: readonly [string, string];
}

/** CloudFront's greatest number of attempts to connect to an origin, and its default. */
const mostConnectionAttempts = 3;

const reading = ['GET', 'HEAD', 'OPTIONS'];
const everything = [...reading, 'PUT', 'PATCH', 'POST', 'DELETE'];

/**
 * A region's distribution.
 *
 * | path | origin | failover |
 * |---|---|---|
 * | `/api/*` | the API's record set, every method, not cached | the name moves: health checks |
 * | `/static/*` | the region's bucket, signed requests only | the other region's copy, also for objects that are missing (404) |
 * | `/<application>/*` | the record set of a further application, every method, not cached | the name moves: health checks |
 * | other | the region's load balancer, GET, HEAD, OPTIONS | the other region's load balancer |
 *
 * Origin failover works per request and for read methods only, and CloudFront refuses write methods on a path with an
 * origin group. So writes have their own path, whose name fails over; no write is sent twice.
 *
 * A reader waits when the first load balancer is lost: attempts × connection timeout, 2 s with the example settings
 * (AWS default 3 × 10 s), or the read timeout if it accepts the connection and stays silent. Errors are not cached.
 *
 * Quota: up to 250,000 requests a second and 150 Gbps (CloudFront developer guide, "Quotas").
 */
export class Distribution extends Construct {
  readonly distribution: CloudfrontDistribution;

  constructor(scope: Construct, id: string, props: DistributionProps) {
    super(scope, id);
    const { name, failover, balancers, api, header, buckets, applications = [] } = props;
    const policies = new DistributionPolicies(this, 'Policies', { name, strictTransport: props.strictTransport });
    const viewer = { viewerProtocolPolicy: 'redirect-to-https', responseHeadersPolicyId: policies.responseId };

    const connection = {
      connectionAttempts: failover.connectionAttempts,
      connectionTimeout: failover.connectionTimeoutSec,
    };
    const balancerOrigin = (originId: string, domainName: string, customHeader = header) => ({
      ...connection,
      originId,
      domainName,
      customHeader: [customHeader],
      customOriginConfig: {
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: 'https-only',
        originSslProtocols: ['TLSv1.2'],
        originReadTimeout: failover.readTimeoutSec,
        // Shorter than the load balancers' idle timeout, 60 s: a write on a connection that is being closed fails and
        // is not retried.
        originKeepaliveTimeout: 50,
      },
    });
    const bucketOrigins = buckets ? this.bucketOrigins(name, buckets, connection) : [];

    this.distribution = new CloudfrontDistribution(this, 'Distribution', {
      comment: name,
      enabled: true,
      aliases: [...props.aliases],
      httpVersion: 'http2and3',
      isIpv6Enabled: true,
      priceClass: 'PriceClass_All',
      webAclId: props.webAclArn,
      viewerCertificate: {
        acmCertificateArn: props.certificateArn,
        sslSupportMethod: 'sni-only',
        minimumProtocolVersion: 'TLSv1.2_2021',
      },
      restrictions: { geoRestriction: { restrictionType: 'none' } },
      origin: [
        balancerOrigin('first-balancer', balancers[0]),
        balancerOrigin('second-balancer', balancers[1]),
        // In no group, so nothing answers instead of it. An attempt that did not connect has sent nothing, so a repeated one
        // sends no write twice (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html).
        { ...balancerOrigin('api', api), connectionAttempts: mostConnectionAttempts },
        ...applications.map((each) => ({
          ...balancerOrigin(`application-${each.name}`, each.origin, each.header),
          connectionAttempts: mostConnectionAttempts,
        })),
        ...bucketOrigins,
      ],
      originGroup: [
        originGroup('balancers', ['first-balancer', 'second-balancer'], failover.statusCodes),
        ...(buckets ? [originGroup('buckets', ['first-bucket', 'second-bucket'], [...failover.statusCodes, 404])] : []),
      ],
      defaultCacheBehavior: {
        ...viewer,
        targetOriginId: 'balancers',
        allowedMethods: reading,
        cachedMethods: ['GET', 'HEAD'],
        compress: true,
        cachePolicyId: policies.pagesCacheId,
        originRequestPolicyId: policies.requestId,
      },
      orderedCacheBehavior: [
        ...[
          { pathPattern: writePaths, targetOriginId: 'api' },
          ...applications.map((each) => ({
            pathPattern: `/${each.name}/*`,
            targetOriginId: `application-${each.name}`,
          })),
        ].map((path) => ({
          ...viewer,
          // A redirected POST would lose its body.
          viewerProtocolPolicy: 'https-only',
          ...path,
          allowedMethods: everything,
          cachedMethods: ['GET', 'HEAD'],
          compress: true,
          cachePolicyId: policies.nothingCacheId,
          originRequestPolicyId: policies.requestId,
        })),
        ...(buckets
          ? [
              {
                ...viewer,
                pathPattern: '/static/*',
                targetOriginId: 'buckets',
                allowedMethods: reading,
                cachedMethods: ['GET', 'HEAD'],
                compress: true,
                cachePolicyId: policies.filesCacheId,
              },
            ]
          : []),
      ],
      // CloudFront caches errors for 10 s by default; the other region may answer sooner.
      customErrorResponse: [500, 502, 503, 504].map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
    });
    waive(this.distribution, {
      CKV2_AWS_47:
        "Log4j's patterns are in the managed group of known bad inputs, which its web ACL has; the list of anonymous addresses would block readers behind a VPN",
      CKV_AWS_305: 'load balancers serve its root page, not an object',
      CKV_AWS_374: 'readers are in every country',
      CKV_AWS_86:
        'CloudWatch delivers its access log, see distribution-log.ts; this argument is for legacy logging, which needs ACLs',
    });
  }

  private bucketOrigins(
    name: string,
    [first, second]: readonly [string, string],
    connection: { connectionAttempts: number; connectionTimeout: number },
  ) {
    const access = new CloudfrontOriginAccessControl(this, 'BucketAccess', {
      name: `${name}-buckets`,
      description: 'Signs requests to the website buckets, which let nobody else in',
      originAccessControlOriginType: 's3',
      signingBehavior: 'always',
      signingProtocol: 'sigv4',
    });
    return [
      { originId: 'first-bucket', domainName: first },
      { originId: 'second-bucket', domainName: second },
    ].map((origin) => ({ ...connection, ...origin, originAccessControlId: access.id }));
  }
}

function originGroup(originId: string, members: readonly string[], statusCodes: readonly number[]) {
  return {
    originId,
    failoverCriteria: { statusCodes: [...new Set(statusCodes)].sort((a, b) => a - b) },
    member: members.map((member) => ({ originId: member })),
  };
}
