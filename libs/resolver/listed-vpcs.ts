import { formatProblem, WrongUse } from '@platform/libs/settings/problem';
import type { RegionSettings } from '@platform/libs/settings/region';

/**
 * Checks that every VPC of the regions' settings is in the list of those with DNS firewall, query log and forwarding rules,
 * or of those that resolve the private zone.
 *
 * @param file as the message names it: `shared/resolver/upstream.ts`
 * @param listed contracts by region key and name of the VPC
 * @param lacks what a VPC lacks that is not listed
 * @throws WrongUse with every missing VPC
 */
export function assertVpcsListed(
  regions: readonly Pick<RegionSettings, 'key' | 'vpcs'>[],
  file: string,
  listed: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  lacks = 'it would have no DNS firewall, no query log and no forwarding rules',
): void {
  const problems = regions.flatMap(({ key, vpcs }) =>
    Object.keys(vpcs)
      .filter((name) => !Object.hasOwn(listed[key] ?? {}, name))
      .map((name) => ({
        where: `${file}: vpcs.${key}`,
        what: `the VPC "${name}" of region-${key}/region.ts is not in the list: ${lacks}`,
        remedy: `add the contract of region-${key}/${name}`,
      })),
  );
  if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
}
