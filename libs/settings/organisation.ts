import type { AdoptionLevel } from './adoption';
import type { DataStoresSettings } from './data-stores';
import type { ApplicationSettings } from './application';
import type { DnsSettings, ForwardedDomain } from './dns';
import type { EdgeSettings } from './edge';
import type { HybridSettings } from './hybrid';
import type { InspectionSettings } from './inspection';
import type { PrivateLinkSettings } from './private-link';
import type { RolloutSettings } from './rollout';
import type { StateSettings } from './state';

/**
 * Who owns what in AWS: every stack runs in exactly one of these accounts.
 *
 * - `network`: VPCs, Transit Gateways, Direct Connect, Resolver, endpoints, inspection; VPC subnets are shared from here
 * - `workload`: balancers, instances, databases, caches, buckets of the application
 * - `edge`: public zone, records, accelerator, distributions, dashboards
 * - `management`: Terraform state, budgets, organisation-wide rules
 */
export const accountRoles = ['network', 'workload', 'edge', 'management'] as const;
export type AccountRole = (typeof accountRoles)[number];

/** `active-passive`: one region takes traffic; `active-active`: all of them do. */
export const modes = ['active-passive', 'active-active'] as const;
export type Mode = (typeof modes)[number];

/** How NAT gateways are laid out: `per-zone` survives a zone, `single` costs a third, `none` leaves subnets without a way out. */
export const natLayouts = ['per-zone', 'single', 'none'] as const;
/** One of {@link natLayouts}. */
export type NatLayout = (typeof natLayouts)[number];

/**
 * A VPC of another account that is attached to a hub of ours. The hub is shared with that account; its owner makes the
 * attachment; we accept it and route it as one of its segment.
 */
export interface ExternalAttachment {
  /** Lower-case name, unique in the environment; part of resource addresses. */
  readonly name: string;
  /** Account id of the owner, 12 digits. */
  readonly account: string;
  /** Region key of the hub it is attached to. */
  readonly region: string;
  /** Key of {@link OrganisationSettings.segments}. */
  readonly segment: string;
  /** The one range that is routed to it, whatever its owner adds to the VPC. */
  readonly cidr: string;
  /** Id of the attachment, `tgw-attach-…`. Left out until its owner has made it: the hub is then shared, and nothing is routed. */
  readonly attachmentId?: string;
}

/** What one environment has of its own; the code is the same for all of them. */
export interface EnvironmentSettings {
  /** Public DNS name of this environment, for example `example.com` or `staging.example.com`. */
  readonly domain: string;
  /** Segment that this environment's own VPCs belong to; a key of {@link OrganisationSettings.segments}. */
  readonly segment: string;
  /** AWS account id (12 digits) per role; the same id may stand in several roles. */
  readonly accounts: Readonly<Record<AccountRole, string>>;
  /** How much of the architecture is switched on. */
  readonly level: AdoptionLevel;
  /** Who takes traffic. */
  readonly mode: Mode;
  readonly natGateways: NatLayout;
  readonly state: StateSettings;
  /** What has to be green before a rollout changes the next region. */
  readonly rollout: RolloutSettings;
  /** How names are resolved inside the VPCs. */
  readonly dns: DnsSettings;
  /** Private ways to services of AWS and of partners, and from others to ours. */
  readonly privateLink: PrivateLinkSettings;
  /** Days that VPC and Transit Gateway flow logs are kept; one of the retention periods of CloudWatch Logs. */
  readonly flowLogRetentionDays: number;
  /** VPCs of other accounts that are attached to this environment's hubs. */
  readonly externalAttachments?: readonly ExternalAttachment[];
  /** Zone, health checks, distributions and accelerator. */
  readonly edge: EdgeSettings;
  /** Database, tables, buckets and cache, with what may be lost of each. */
  readonly dataStores: DataStoresSettings;
  /** Balancers, instances, queue and bus. */
  readonly application: ApplicationSettings;
  /** Appliances of level `inspected`. */
  readonly inspection: InspectionSettings;
}

/** One routing segment of the hub. Reaching is stated once and holds both ways. */
export interface SegmentSettings {
  /** Segments, or `on-premises`, whose networks this one exchanges traffic with. A segment does not reach itself unless it says so. */
  readonly reaches: readonly string[];
}

/** Networks outside AWS. Absent when there are none: then nothing hybrid is made. */
export interface OnPremisesSettings {
  /** CIDR ranges in use on premises, at most 30; of those with public addresses at most 12. */
  readonly cidrs: readonly string[];
  /** Domains whose names are resolved there. */
  readonly domains?: readonly ForwardedDomain[];
  /** Lines and VPN by environment, as each has its own accounts. One that is missing is not joined with them. */
  readonly connectivity?: Readonly<Record<string, HybridSettings>>;
}

/** The shape of `infra.config.ts`, the one file that an organisation edits first. */
export interface OrganisationSettings {
  /** Lower-case name, used in the names of global resources such as buckets: 3–20 letters, digits or hyphens. */
  readonly organisation: string;
  /** Cost centre for the tag of the same name. */
  readonly costCentre: string;
  /** Region key whose bucket holds the state of global stacks. */
  readonly home: string;
  /** IAM role that Terraform assumes in the account of a stack. */
  readonly deployRole: string;
  /** By name; the first one is the default of every command. */
  readonly environments: Readonly<Record<string, EnvironmentSettings>>;
  readonly segments: Readonly<Record<string, SegmentSettings>>;
  readonly onPremises?: OnPremisesSettings;
  /** Owning team per folder: the longest folder that contains a file decides. */
  readonly owners: Readonly<Record<string, string>>;
}
