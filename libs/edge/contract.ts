import { defineContract, text } from '@platform/libs/contract/contract';
import type { RegionSettings } from '@platform/libs/settings/region';

/** Outputs of a region's distribution. Every value is empty below level `origin-failover`. */
export function distributionContract(region: RegionSettings) {
  return defineContract({
    stack: `region-${region.key}-cloudfront`,
    project: `region-${region.key}/cloudfront`,
    stateRegion: region,
    fields: {
      distributionId: text('Id of the distribution', `E0EXAMPLE0${region.key.toUpperCase()}`),
      distributionDomainName: text('DNS name of the distribution', `d0example${region.key}.cloudfront.net`),
      distributionZoneId: text('Zone of that name, for alias records', 'Z2FDTNDATAQYW2'),
      webAclArn: text(
        'ARN of the firewall rules in front of it',
        `arn:aws:wafv2:us-east-1:333333333333:global/webacl/example-${region.key}/00000000-0000-4000-8000-000000000000`,
      ),
      accessLogBucketName: text('Bucket that takes the access logs', `example-edge-logs-${region.key}`),
    },
  });
}

/** Outputs while there is no distribution. */
export const noDistribution = {
  distributionId: '',
  distributionDomainName: '',
  distributionZoneId: '',
  webAclArn: '',
  accessLogBucketName: '',
};

/** The contract of a region's distribution. */
export type DistributionContract = ReturnType<typeof distributionContract>;
