import { onPremisesSegment } from '@platform/libs/settings/segments';
import { destinationsOf, isOwnRange, type RoutingRegion, type RoutingSettings } from '@platform/libs/tgw/destinations';
import { reaches } from '@platform/libs/tgw/reach';

/**
 * What the Direct Connect gateway tells routers outside AWS about one region: the range of the region, so that a new VPC
 * needs no change here, and each network of it that on premises reaches. The networks must stand beside the range: VPN
 * announces them one by one, and routers prefer the narrower network, so that with the range alone they would send
 * everything through the backup.
 *
 * AWS takes 200 prefixes for an association with a Transit Gateway (Direct Connect quotas); the settings' check refuses more.
 */
export function advertisedPrefixes(
  settings: RoutingSettings,
  regions: readonly RoutingRegion[],
  region: string,
): string[] {
  const inRegion = destinationsOf(settings, regions).filter((destination) => destination.region === region);
  const reached = ({ attachment, segment }: (typeof inRegion)[number]) =>
    attachment !== undefined && reaches(settings.segments, onPremisesSegment, segment ?? '');
  return [...new Set(inRegion.filter((to) => isOwnRange(to) || reached(to)).map(({ cidr }) => cidr))].sort();
}
