import { defineContract, text } from '@platform/libs/contract/contract';
import type { RegionSettings } from '@platform/libs/settings/region';

/** Outputs of a region's certificate stack. */
export function certificateContract(region: RegionSettings) {
  return defineContract({
    stack: `region-${region.key}-certificate`,
    project: `region-${region.key}/certificate`,
    stateRegion: region,
    fields: {
      certificateArn: text(
        "ARN of the issued certificate for the domain and one level below it, in the region's workload account",
        `arn:aws:acm:${region.awsRegion}:222222222222:certificate/00000000-0000-4000-8000-000000000000`,
      ),
    },
  });
}

/** The contract of a region's certificate. */
export type CertificateContract = ReturnType<typeof certificateContract>;
