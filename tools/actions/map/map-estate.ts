import { join } from 'node:path';
import { selectEnvironment, type WhatIf } from '@platform/libs/settings/environment';
import type { EstateMap } from '@platform/tools/model/estate-map';
import { readEstateJson } from '@platform/tools/actions/routes/estate-json';
import { synthesise, type EstateManifest } from '@platform/tools/actions/synth/synth';
import { loadEstate, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { readEstateMap } from './read-estate-map';

export interface MapEstateOptions {
  /** Workspace root. */
  readonly root: string;
  /** Default: the first. */
  readonly environment?: string;
  readonly whatIf?: WhatIf;
  /** The estate, when the caller has loaded it already. */
  readonly estate?: LoadedEstate;
}

/**
 * Synthesises an environment and reads what it consists of. Calls nothing and needs no credentials.
 * @throws WrongUse as {@link synthesise}
 */
export function mapEstate({ root, environment, whatIf = {}, ...given }: MapEstateOptions): EstateMap {
  const estate = given.estate ?? loadEstate(root);
  const run = openRunFolder(root);
  try {
    const outdir = join(run.path, 'synth');
    const manifest = synthesise({ root, estate, whatIf, outdir, ...(environment ? { environment } : {}) });
    return mapOfManifest({ root, estate, manifest, outdir });
  } finally {
    run.remove();
  }
}

export interface SynthesisedEstate {
  /** Workspace root. */
  readonly root: string;
  readonly estate: Pick<LoadedEstate, 'settings' | 'regions'>;
  readonly manifest: EstateManifest;
  /** Where the manifest's stacks were synthesised to. */
  readonly outdir: string;
}

/** The map of what is synthesised already. */
export function mapOfManifest({ root, estate, manifest, outdir }: SynthesisedEstate): EstateMap {
  const { environment, level, mode, stacks } = manifest;
  const settings = selectEnvironment(estate.settings, environment, { level, mode });
  return readEstateMap(readEstateJson(root, outdir, manifest), stacks, settings, estate.regions);
}
