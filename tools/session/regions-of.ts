import type { LoadedEstate } from '@platform/tools/workspace/load-estate';

/** Which region takes writes when nothing has failed, and which wait. */
export function regionsOf({ regions }: Pick<LoadedEstate, 'regions'>): { primary: string; standbys: string[] } {
  return {
    primary: regions.find(({ role }) => role === 'primary')!.key,
    standbys: regions.filter(({ role }) => role === 'standby').map(({ key }) => key),
  };
}
