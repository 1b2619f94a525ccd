import { tileId } from '@platform/tools/actions/map/draw-estate';
import type { Mark, MarkAction, Marks } from '@platform/tools/actions/map/mark';
import { homesOf, type EstateMap, type MapStack } from '@platform/tools/model/estate-map';
import type { ResourceEntry, Review } from '@platform/tools/model/review';

/** What a review does to each node, link and tile of the picture. A change that no node stands for is at its stack's tile. */
export function marksOf(review: Review, map: EstateMap): Marks {
  const homes = homesOf(map);
  const marks = new Map<string, { counts: Record<MarkAction, number>; risk: Mark['risk']; failed: boolean }>();
  const at = (id: string) => {
    const made = marks.get(id) ?? {
      counts: { delete: 0, replace: 0, update: 0, create: 0, other: 0 },
      risk: null,
      failed: false,
    };
    marks.set(id, made);
    return made;
  };
  const homeOf = (stack: string, address: string | null) =>
    (address === null ? homes.main(stack) : homes.of(stack, address)) ?? tileId(stack);
  for (const { stack, resources, status } of review.stacks) {
    for (const { address, action, mode } of resources) {
      const counted = mode === 'managed' ? markActionOf(action) : undefined;
      if (counted) at(homeOf(stack, address)).counts[counted]++;
    }
    if (status === 'failed') at(homeOf(stack, null)).failed = true;
  }
  for (const { level, where } of review.findings) {
    if (where.stack === null || level === 'note') continue;
    const mark = at(homeOf(where.stack, where.address));
    if (mark.risk !== 'block') mark.risk = level;
  }
  return marks;
}

/** Undefined for what changes nothing. */
function markActionOf(action: ResourceEntry['action']): MarkAction | undefined {
  switch (action) {
    case 'create':
    case 'update':
    case 'replace':
    case 'delete':
      return action;
    case 'import':
    case 'move':
    case 'forget':
      return 'other';
    case 'read':
      return undefined;
  }
}

/**
 * The map with stacks of the review that it does not have: those that the change removes, and all of plans that are not of
 * this estate.
 */
export function mapOfReview({ stacks, environment, level, mode }: Review, map: EstateMap | null): EstateMap {
  const known = new Set(map?.stacks.map(({ stack }) => stack));
  const added = stacks
    .filter(({ stack }) => !known.has(stack))
    .map(
      (each): MapStack => ({
        stack: each.stack,
        project: each.project ?? each.stack,
        region: each.region,
        owner: each.owner,
        account: each.account,
        reads: each.reads,
        resources: each.inventory.length,
      }),
    );
  const regions = new Map(map?.regions.map((region) => [region.key, region]));
  for (const { region, awsRegion } of stacks) {
    if (region !== null && !regions.has(region)) {
      regions.set(region, { key: region, awsRegion: awsRegion ?? '', role: null, home: false });
    }
  }
  return {
    organisation: map?.organisation ?? null,
    environment: map?.environment ?? environment,
    level: map?.level ?? level,
    mode: map?.mode ?? mode,
    regions: [...regions.values()],
    stacks: [...(map?.stacks ?? []), ...added],
    nodes: map?.nodes ?? [],
    links: map?.links ?? [],
  };
}
