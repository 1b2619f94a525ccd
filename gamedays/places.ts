import type { RegionSettings } from '@platform/libs/settings/region';
import { primaryOf } from '@platform/libs/settings/region';
import { WrongUse } from '@platform/libs/settings/problem';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import { valueOf, type FailoverView } from '@platform/tools/model/failover';

/** The region that has the writer now: with it, the traffic of active-passive. */
export function servingRegion({ regions }: FailoverContext, before: FailoverView): RegionSettings {
  const members = valueOf(before.database)?.members ?? {};
  return regions.find(({ key }) => members[key]?.writer) ?? primaryOf(regions);
}

/** The region that takes over from the one that serves. */
export function standbyRegion(context: FailoverContext, before: FailoverView): RegionSettings {
  const { key, failsOverTo } = servingRegion(context, before);
  const found = context.regions.find((region) => region.key === failsOverTo && region.key !== key);
  if (!found) throw new WrongUse(`${key}: no other region takes over from it, so its loss cannot be rehearsed`);
  return found;
}
