import { join } from 'node:path';
import { selectEnvironment, type Environment, type WhatIf } from '@platform/libs/settings/environment';
import { objectiveOf } from '@platform/libs/settings/objectives';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { RegionSettings } from '@platform/libs/settings/region';
import { readEstateJson, type EstateJson } from '@platform/tools/actions/routes/estate-json';
import { synthesise, type EstateManifest } from '@platform/tools/actions/synth/synth';
import { newestRehearsals, readEvidence, type Evidence } from '@platform/tools/model/evidence';
import type { Resilience } from '@platform/tools/model/resilience';
import { loadEstate, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { assess } from './assess';
import { EstateReading } from './estate-reading';
import { checkSteps, findDependencies } from './find-dependencies';
import { readPaths } from './read-paths';
import { without, type Without } from './without';

/** What is assessed. */
export interface AssessedEstate {
  readonly estate: EstateJson;
  readonly stacks: readonly Pick<StackDescription, 'stack' | 'project' | 'region' | 'awsRegion'>[];
  readonly settings: Environment;
  readonly regions: readonly RegionSettings[];
  readonly evidence?: readonly Evidence[];
}

/** How an environment survives losses, by its JSON. Pure. */
export function assessJson({ estate, stacks, settings, regions, evidence = [] }: AssessedEstate): Resilience {
  const reading = new EstateReading(estate, stacks, regions);
  const { models, missing } = readPaths(reading, settings);
  return {
    environment: settings.name,
    level: settings.level,
    mode: settings.mode,
    paths: models.map((model) => assess(model, settings, evidence)),
    missing: missing.map((each) => ({
      ...each,
      hasObjective: objectiveOf(settings.objectives, each.path) !== undefined,
    })),
    rehearsals: newestRehearsals(evidence).map(({ path, loss, rtoSec, rpoSec, measuredAt, how }) => ({
      path,
      loss: loss!,
      rtoSec: rtoSec ?? null,
      rpoSec: rpoSec ?? null,
      measuredAt,
      how,
    })),
    findings: regions.flatMap((region) => [
      ...checkSteps(region),
      ...findDependencies(reading, region.key, settings.name),
    ]),
  };
}

/** What an environment still does without a region. Pure. */
export function withoutRegion(assessed: AssessedEstate, region: string): Without {
  const reading = new EstateReading(assessed.estate, assessed.stacks, assessed.regions);
  return without(reading, assessJson(assessed), region);
}

export interface AssessEstateOptions {
  /** Workspace root. */
  readonly root: string;
  /** Default: the first. */
  readonly environment?: string;
  readonly whatIf?: WhatIf;
}

/**
 * Synthesises an environment and reads what an assessment needs. Calls nothing and needs no credentials.
 * @throws WrongUse as {@link synthesise}, and for evidence that cannot be read
 */
export function readAssessedEstate({ root, environment, whatIf = {} }: AssessEstateOptions): AssessedEstate {
  const loaded = loadEstate(root);
  const run = openRunFolder(root);
  try {
    const outdir = join(run.path, 'synth');
    const manifest = synthesise({ root, estate: loaded, whatIf, outdir, ...(environment ? { environment } : {}) });
    return assessedOf({ root, loaded, manifest, outdir });
  } finally {
    run.remove();
  }
}

/** What is synthesised already. */
export function assessedOf(options: {
  readonly root: string;
  readonly loaded: Pick<LoadedEstate, 'settings' | 'regions'>;
  readonly manifest: EstateManifest;
  readonly outdir: string;
}): AssessedEstate {
  const { root, loaded, manifest, outdir } = options;
  const { environment, level, mode } = manifest;
  return {
    estate: readEstateJson(root, outdir, manifest),
    stacks: manifest.stacks,
    settings: selectEnvironment(loaded.settings, environment, { level, mode }),
    regions: loaded.regions,
    evidence: readEvidence(root, environment),
  };
}
