import { onPremisesSegment } from '@platform/libs/settings/segments';
import { destinationsOf, isOwnRange, type RoutingRegion, type RoutingSettings } from '@platform/libs/tgw/destinations';
import { reaches } from '@platform/libs/tgw/reach';

/**
 * Prefixes of one region that the Direct Connect gateway advertises: the region's range, so that a new VPC needs no
 * change here, and each of its networks that on-premises reaches. The networks are needed beside the range: VPN
 * advertises each network, and routers prefer the more specific prefix, so with the range alone all traffic would use
 * the backup.
 *
 * AWS accepts 200 prefixes per association with a Transit Gateway (Direct Connect quotas); the settings check refuses
 * more.
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
