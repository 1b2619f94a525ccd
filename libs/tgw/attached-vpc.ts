import type { vpcContract } from '@platform/libs/vpc/contract';

/** A VPC of the estate that is attached to the hub of its region. */
export interface AttachedVpc {
  /** Region key. */
  readonly region: string;
  /** Key in `vpcs` of the region's settings. */
  readonly name: string;
  readonly contract: ReturnType<typeof vpcContract>;
}

/**
 * The VPC of a region's settings in the list of attached ones.
 * @throws Error when it is not there.
 */
export function attachedTo(region: string, name: string, vpcs: readonly AttachedVpc[]): AttachedVpc {
  const found = vpcs.find((vpc) => vpc.region === region && vpc.name === name);
  if (!found) {
    throw new Error(
      `shared/tgw/attachments.ts: the VPC "${name}" of region-${region}/region.ts is not in the list; add its contract`,
    );
  }
  return found;
}
