import { WrongUse } from '@platform/libs/settings/problem';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { vpcContract } from '@platform/libs/vpc/contract';

/** A VPC of the estate that is attached to its region's Transit Gateway. */
export interface AttachedVpc {
  /** Region key. */
  readonly region: string;
  /** Key in `vpcs` of the region's settings. */
  readonly name: string;
  readonly contract: ReturnType<typeof vpcContract>;
}

/**
 * Finds the VPC of a region's settings in the list of attached VPCs.
 * @throws WrongUse when it is missing
 */
export function attachedTo(region: string, name: string, vpcs: readonly AttachedVpc[]): AttachedVpc {
  const found = vpcs.find((vpc) => vpc.region === region && vpc.name === name);
  if (!found) throw new WrongUse(notListed(region, name));
  return found;
}

/**
 * Checks that every VPC of the regions' settings is in the list.
 * @throws WrongUse with every missing VPC
 */
export function assertAttached(
  regions: readonly Pick<RegionSettings, 'key' | 'vpcs'>[],
  attached: readonly AttachedVpc[],
): void {
  const missing = regions.flatMap(({ key, vpcs }) =>
    Object.keys(vpcs)
      .filter((name) => !attached.some((vpc) => vpc.region === key && vpc.name === name))
      .map((name) => notListed(key, name)),
  );
  if (missing.length > 0) throw new WrongUse(missing.join('\n'));
}

const notListed = (region: string, name: string) =>
  `shared/tgw/attachments.ts: the VPC "${name}" of region-${region}/region.ts is not in the list; add its contract`;
