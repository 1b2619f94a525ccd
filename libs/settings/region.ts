import type { Differences } from './differences';

/** A VPC of this region: the folder `region-<key>/<name>` makes it. */
export interface VpcSettings {
  /** CIDR per environment; must lie inside the region's range of that environment. */
  readonly cidrs: Readonly<Record<string, string>>;
  /** Segment of the hub that it belongs to; a key of the organisation's `segments`. Default: the environment's. */
  readonly segment?: string;
}

/**
 * Ids under which AWS knows the senders of edge traffic in this region: from level `accelerated` on, balancers let in
 * nobody else. They cannot be derived: `docs/runbooks/first-deploy.md` has the commands that show them.
 */
export interface EdgeSources {
  /** Prefix list `com.amazonaws.global.cloudfront.origin-facing`: one id per region, the same in every account; check it. */
  readonly distributions: string;
  /** Prefix list `com.amazonaws.<region>.route53-healthchecks`, with AWS's word for the region. */
  readonly healthCheckers: string;
  /**
   * Per environment, the security group `GlobalAccelerator` that AWS makes in the VPC with the first endpoint; `not-yet` for
   * the deploy that makes it, and below `accelerated`: balancers stay open to the internet meanwhile.
   */
  readonly accelerator: Readonly<Record<string, string>>;
}

/** What stands in place of the accelerator's group before there is one. */
export const notYet = 'not-yet';

/** The shape of `region-<key>/region.ts`: all that makes one region differ from its twin. */
export interface RegionSettings {
  /** Our word for the region, also the end of its folder's name: `us` for `region-us`. */
  readonly key: string;
  /** AWS's word for it, for example `us-east-1`. */
  readonly awsRegion: string;
  /** `primary` takes writes when nothing has failed; exactly one region is. */
  readonly standing: 'primary' | 'standby';
  /** Key of the region whose balancer and bucket answer when this one's cannot. */
  readonly failsOverTo: string;
  /** Availability zones in the order in which subnets are numbered. Append only: the order is part of the CIDR plan. */
  readonly zones: readonly string[];
  /** Private ASN of the hub, 64512–65534 or 4200000000–4294967294; different in every region. */
  readonly asn: number;
  /** Everything that this region may ever address, per environment: other regions route to this one range. */
  readonly cidrs: Readonly<Record<string, string>>;
  /** Network of the inspection VPC per environment, /16 to /21 inside the region's range; in use from level `inspected`. */
  readonly inspectionCidrs: Readonly<Record<string, string>>;
  readonly edgeSources: EdgeSources;
  /**
   * Ids of AWS's managed domain lists of the DNS firewall in this region, by a word of ours. AWS gives each list another id
   * in every region: `aws route53resolver list-firewall-domain-lists` shows them.
   */
  readonly managedDomainLists?: Readonly<Record<string, string>>;
  /** VPCs by folder name. */
  readonly vpcs: Readonly<Record<string, VpcSettings>>;
  /** Folders that only this region has, or that it lacks. Default: none. */
  readonly differences?: Differences;
}

/**
 * The network of an environment among those of a region or a VPC.
 * @throws Error when the environment has none there, which the settings check has found before.
 */
export function networkOf(cidrs: Readonly<Record<string, string>>, environment: { readonly name: string }): string {
  const cidr = Object.hasOwn(cidrs, environment.name) ? cidrs[environment.name] : undefined;
  if (cidr === undefined) throw new Error(`there is no network for environment ${environment.name}`);
  return cidr;
}

/**
 * The accelerator's group in an environment's VPC, or {@link notYet}.
 * @throws Error when the environment has neither, which the settings check has found before.
 */
export function acceleratorGroup(
  { accelerator }: Pick<EdgeSources, 'accelerator'>,
  environment: { readonly name: string },
): string {
  const group = Object.hasOwn(accelerator, environment.name) ? accelerator[environment.name] : undefined;
  if (group === undefined) throw new Error(`edgeSources.accelerator has nothing for environment ${environment.name}`);
  return group;
}

/**
 * The region that takes writes.
 * @throws Error when there is none, which the settings check has found before.
 */
export function primaryOf<R extends Pick<RegionSettings, 'standing'>>(regions: readonly R[]): R {
  const primary = regions.find(({ standing }) => standing === 'primary');
  if (!primary) throw new Error('no region is "primary"');
  return primary;
}
