import { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { CloudfrontOriginAccessControl } from '@cdktf/provider-aws/lib/cloudfront-origin-access-control';
import { Construct } from 'constructs';
import type { OriginFailoverSettings } from '@platform/libs/settings/edge';
import { waive } from '@platform/libs/stack/waive';
import { DistributionPolicies } from './distribution-policies';
import { writePaths } from './names';

export interface DistributionProps {
  /** Begins the names of what an account holds once: `prod-us`. */
  readonly name: string;
  /** Names that it answers to. AWS lets a name be on one distribution only. */
  readonly aliases: readonly string[];
  /** Certificate in us-east-1 that covers the aliases. */
  readonly certificateArn: string;
  /** Firewall rules in us-east-1, scope CLOUDFRONT. */
  readonly webAclArn: string;
  readonly failover: OriginFailoverSettings;
  /** Names of the balancers for pages; their certificates cover them. The second is asked when the first cannot answer. */
  readonly balancers: readonly [string, string];
  /** Name that `/api/*` is asked of: it follows the health of regions by itself, to any balancer. */
  readonly api: string;
  /** Header by which every balancer knows the estate's distributions. */
  readonly header: { readonly name: string; readonly value: string };
  /** DNS names of two copies of the bucket that answers `/static/*`. Absent: balancers answer that too. */
  readonly buckets?: readonly [string, string];
}

const reading = ['GET', 'HEAD', 'OPTIONS'];
const everything = [...reading, 'PUT', 'PATCH', 'POST', 'DELETE'];

/**
 * A region's distribution.
 *
 * | path | answered by | when the first cannot |
 * |---|---|---|
 * | `/api/*` | the API's name, every method, nothing kept | the name moves: health checks or the accelerator |
 * | `/static/*` | the region's bucket, signed requests only | the other region's copy, also of what has not arrived (404) |
 * | all else | the region's balancer, GET, HEAD, OPTIONS | the other region's balancer |
 *
 * Origin failover works per request and for reading methods only, and CloudFront refuses writing methods on a path
 * with an origin group. So writes have a path of their own, and their failover is that of the name they go to; nothing
 * sends a write twice.
 *
 * How long a reader waits when the first balancer is gone: attempts × connection timeout, 2 s as the settings are (by
 * default of AWS 3 × 10 s), or the read timeout when it accepts and stays silent. Errors are not kept.
 *
 * Costs by request and GB, nothing while idle, and by the place of the readers: 1 TB and ten million requests from the United
 * States about $95 a month, $0.085 per GB and $0.01 per 10,000 (list prices, check), of which AWS's free tier is not taken off.
 * Takes 250,000 requests a second and 150 Gbps unless more were asked for (CloudFront developer guide, "Quotas").
 */
export class Distribution extends Construct {
  readonly distribution: CloudfrontDistribution;

  constructor(scope: Construct, id: string, props: DistributionProps) {
    super(scope, id);
    const { name, failover, balancers, api, header, buckets } = props;
    const policies = new DistributionPolicies(this, 'Policies', { name });
    const viewer = { viewerProtocolPolicy: 'redirect-to-https', responseHeadersPolicyId: policies.responseId };

    const connection = {
      connectionAttempts: failover.connectionAttempts,
      connectionTimeout: failover.connectionTimeoutSec,
    };
    const balancerOrigin = (originId: string, domainName: string) => ({
      ...connection,
      originId,
      domainName,
      customHeader: [header],
      customOriginConfig: {
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: 'https-only',
        originSslProtocols: ['TLSv1.2'],
        originReadTimeout: failover.readTimeoutSec,
        // Less than balancers keep idle connections, 60 s: a write on one that is being closed is an error that nobody sends again.
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
        balancerOrigin('api', api),
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
        {
          ...viewer,
          // A redirected POST would lose its body.
          viewerProtocolPolicy: 'https-only',
          pathPattern: writePaths,
          targetOriginId: 'api',
          allowedMethods: everything,
          cachedMethods: ['GET', 'HEAD'],
          compress: true,
          cachePolicyId: policies.nothingCacheId,
          originRequestPolicyId: policies.requestId,
        },
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
      // CloudFront keeps errors for 10 s unless told otherwise: the other region may answer sooner.
      customErrorResponse: [500, 502, 503, 504].map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
    });
    waive(this.distribution, {
      CKV2_AWS_47:
        "Log4j's patterns are in the group of known bad inputs, which its firewall has; the list of anonymous addresses would shut out readers behind a VPN",
      CKV_AWS_305: 'its root is a page that balancers answer, not an object',
      CKV_AWS_374: 'readers are in every country',
      CKV_AWS_86:
        'its access log is delivered by CloudWatch, see distribution-log.ts; this argument is the older kind, which needs ACLs',
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
