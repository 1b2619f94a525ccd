import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deliveryAccounts } from '@platform/libs/app/log-bucket';
import type { WhatIf } from '@platform/libs/settings/environment';
import { ownerOf } from '@platform/libs/settings/owners';
import type { CounterpartJson } from '@platform/libs/stack/counterparts';
import { maskOf, textsByRegion } from '@platform/libs/stack/region-words';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { undeclaredDifferences } from '@platform/tools/model/parity';
import type { EstateSighting } from '@platform/tools/model/risk/estate-rule';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';

export interface ParityOptions {
  /** Workspace root. */
  readonly root: string;
  /** The settings of its regions are changed in place until the estate is synthesised. */
  readonly estate: LoadedEstate;
  readonly environment?: string;
  readonly whatIf?: WhatIf;
  /** Folder to synthesise into. */
  readonly outdir: string;
}

/**
 * Undeclared differences between counterparts of an estate whose regions have the same role, number of zones, owners and
 * senders of edge traffic: what decides which resources the stacks of a region have, and their arguments.
 */
export function parityOfEstate({ estate, ...options }: ParityOptions): EstateSighting[] {
  const { stacks } = withEqualRegions(estate, (equal) => synthesise({ ...options, estate: equal, checks: false }));
  const accounts = Object.values(deliveryAccounts).map((id) => [id, 'account of load balancers'] as const);
  const keys = estate.regions.map(({ key }) => key);
  return undeclaredDifferences(
    stacks.map((description) => {
      const file = join(options.outdir, 'stacks', description.stack, 'cdk.tf.json');
      return { ...description, configuration: JSON.parse(readFileSync(file, 'utf8')) as CounterpartJson };
    }),
    maskOf(
      estate.regions.map(({ role: _role, failsOverTo: _partner, differences: _declared, ...names }) => names),
      new Map([...textsByRegion(estate.settings.environments, keys), ...accounts]),
    ),
  );
}

/** Stacks import the settings of their region, so they are changed in place, and restored. */
function withEqualRegions<T>({ regions, settings, ...estate }: LoadedEstate, work: (equal: LoadedEstate) => T): T {
  const given = regions.map((region) => ({ ...region }));
  const zones = Math.min(...regions.map((region) => region.zones.length));
  const { accelerator } = regions[0]!.edgeSources;
  // The team of a folder gets its alarms.
  const owners = { ...settings.owners };
  for (const folder of [...estate.projects.keys()]) {
    const counterpart = folder.replace(/^region-[^/]+/, `region-${regions[0]!.key}`);
    const owner = ownerOf(settings.owners, counterpart);
    if (owner !== undefined) owners[folder] = owner;
  }
  for (const region of regions) {
    const edgeSources = { ...region.edgeSources, accelerator };
    Object.assign(region, { role: 'primary', zones: region.zones.slice(0, zones), edgeSources });
  }
  try {
    return work({ ...estate, settings: { ...settings, owners }, regions, assertSettings: () => undefined });
  } finally {
    regions.forEach((region, index) => Object.assign(region, given[index]));
  }
}
