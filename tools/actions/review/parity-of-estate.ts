import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WhatIf } from '@platform/libs/settings/environment';
import { synthesise } from '@platform/tools/actions/synth/synth';
import type { Configuration } from '@platform/tools/model/configuration';
import { undeclaredDifferences } from '@platform/tools/model/parity';
import type { EstateSighting } from '@platform/tools/model/risk/estate-rule';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';

export interface ParityOptions {
  /** Workspace root. */
  readonly root: string;
  /** Loaded for this only: the settings of its regions are changed in place. */
  readonly estate: LoadedEstate;
  readonly environment?: string;
  readonly whatIf?: WhatIf;
  /** Folder to synthesise into. */
  readonly outdir: string;
}

/**
 * Undeclared differences between counterparts of an estate whose regions have the same role, number of zones and senders of
 * edge traffic: the settings of a region that decide which resources its stacks have.
 */
export function parityOfEstate({ estate, ...options }: ParityOptions): EstateSighting[] {
  const { stacks } = synthesise({ ...options, estate: withEqualRegions(estate) });
  return undeclaredDifferences(
    stacks.map((description) => {
      const file = join(options.outdir, 'stacks', description.stack, 'cdk.tf.json');
      return { ...description, configuration: JSON.parse(readFileSync(file, 'utf8')) as Configuration };
    }),
  );
}

/** Stacks import the settings of their region, so they are changed in place. */
function withEqualRegions({ regions, ...estate }: LoadedEstate): LoadedEstate {
  const zones = Math.min(...regions.map((region) => region.zones.length));
  const { accelerator } = regions[0]!.edgeSources;
  for (const region of regions) {
    const edgeSources = { ...region.edgeSources, accelerator };
    Object.assign(region, { role: 'primary', zones: region.zones.slice(0, zones), edgeSources });
  }
  return { ...estate, regions, assertSettings: () => undefined };
}
