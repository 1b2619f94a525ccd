import { onPremisesSegment } from '@platform/libs/settings/segments';
import type { Environment } from '@platform/libs/settings/environment';
import { WrongUse } from '@platform/libs/settings/problem';
import type { RegionSettings } from '@platform/libs/settings/region';

/** The part of an environment that decides which networks reach each other. */
export type RoutingSettings = Pick<
  Environment,
  'name' | 'level' | 'segment' | 'segments' | 'externalAttachments' | 'onPremises'
>;

/** The part of a region that decides which networks reach each other. */
export type RoutingRegion = Pick<RegionSettings, 'key' | 'cidrs' | 'vpcs'>;

/**
 * A target of routes. `on-premises` stands for every attachment of shared/hybrid in the region, `inspection` for the
 * region's inspection VPC.
 */
export type Attachment =
  | { readonly kind: 'vpc' | 'external'; readonly name: string }
  | { readonly kind: 'peer'; readonly region: string }
  | { readonly kind: 'on-premises' | 'inspection' };

/**
 * A range of addresses that packets may be sent to.
 *
 * - `vpc` and `external`: a network of a segment, attached to the Transit Gateway of `region`
 * - `on-premises`: an outside network, reached from every region by that region's own connection
 * - `internet`: every other address, reached by the NAT gateways of inspection
 * - `range`: the whole range of a region in one environment, allocated or not; belongs to no segment
 */
export interface Destination {
  readonly kind: 'vpc' | 'external' | 'on-premises' | 'internet' | 'range';
  /** Unique: `us/vpc`, `external/acme`, `on-premises/0`, `us/range`, `us/range/staging`, `internet`. */
  readonly name: string;
  readonly cidr: string;
  readonly region?: string;
  readonly segment?: string;
  /** Target in its own region's Transit Gateway; absent while nothing is attached. */
  readonly attachment?: Attachment;
}

/** Every range that the Transit Gateways of an environment know. */
export function destinationsOf(settings: RoutingSettings, regions: readonly RoutingRegion[]): Destination[] {
  return [
    ...vpcsOf(settings, regions),
    ...externalsOf(settings),
    ...onPremisesOf(settings),
    ...rangesOf(settings, regions),
  ];
}

/** True for the ranges of regions in the planned environment; other environments have ranges too. */
export function isOwnRange({ kind, name, region }: Destination): boolean {
  return kind === 'range' && name === `${region}/range`;
}

/**
 * True for a network that is attached, or will be, to the Transit Gateway of another region. Its entries in the tables of
 * `region` belong to the link of the two, routes and blackholes alike: AWS refuses a second static entry for a range
 * (`RouteAlreadyExists`), so one resource of one stack keeps each.
 */
export function isRemoteNetwork(destination: Destination, region: string): boolean {
  return destination.kind !== 'range' && destination.region !== undefined && destination.region !== region;
}

/**
 * True if the Transit Gateways of an environment have static routes to on-premises. Then its entries in all tables, routes
 * and blackholes alike, belong to the stack of the connections, for the reason of {@link isRemoteNetwork}.
 */
export function hasStaticOnPremises({ name, onPremises }: Pick<RoutingSettings, 'name' | 'onPremises'>): boolean {
  const connectivity = onPremises?.connectivity ?? {};
  return Object.hasOwn(connectivity, name) && connectivity[name]!.routes === 'static';
}

function vpcsOf(settings: RoutingSettings, regions: readonly RoutingRegion[]): Destination[] {
  return regions.flatMap(({ key, vpcs }) =>
    Object.entries(vpcs).map(([name, { cidrs, segment = settings.segment }]): Destination => {
      const cidr = cidrs[settings.name];
      if (!cidr)
        throw new WrongUse(
          `region-${key}/region.ts: vpcs.${name} has no range in ${settings.name}; add one to its cidrs`,
        );
      return { kind: 'vpc', name: `${key}/${name}`, region: key, segment, cidr, attachment: { kind: 'vpc', name } };
    }),
  );
}

function externalsOf(settings: RoutingSettings): Destination[] {
  return (settings.externalAttachments ?? []).map(({ name, region, segment, cidr, attachmentId }) => ({
    kind: 'external',
    name: `external/${name}`,
    region,
    segment,
    cidr,
    ...(attachmentId ? { attachment: { kind: 'external', name } } : {}),
  }));
}

function onPremisesOf(settings: RoutingSettings): Destination[] {
  return (settings.onPremises?.cidrs ?? []).map((cidr, index) => ({
    kind: 'on-premises',
    name: `on-premises/${index}`,
    segment: onPremisesSegment,
    cidr,
    attachment: { kind: 'on-premises' },
  }));
}

/** Ranges of all environments: their Transit Gateways are not joined, and on-premises must not connect them. */
function rangesOf(settings: RoutingSettings, regions: readonly RoutingRegion[]): Destination[] {
  return regions.flatMap(({ key, cidrs }) =>
    Object.entries(cidrs).map(([environment, cidr]) => ({
      kind: 'range',
      name: environment === settings.name ? `${key}/range` : `${key}/range/${environment}`,
      region: key,
      cidr,
    })),
  );
}
