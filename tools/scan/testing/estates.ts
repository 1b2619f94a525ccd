import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WhatIf } from '@platform/libs/settings/environment';
import type { EnvironmentSettings, OrganisationSettings } from '@platform/libs/settings/organisation';
import { settingsVariants } from '@platform/tools/synth/testing/settings-variants';
import { readEstateJson } from '@platform/tools/routes/estate-json';
import { loadEstate, type LoadedEstate } from '@platform/tools/synth/load-estate';
import { synthesise } from '@platform/tools/synth/synth';
import type { ScannedStack } from '../judge-types';

/** `other`: with all that settings may leave out, and with the other choice where they have two. */
export type Variant = 'as it is' | 'other';

const loaded = new Map<string, LoadedEstate>();

/** All stacks of an environment, with the waivers that stand in its code. */
export function scannedStacks(
  root: string,
  environment: string,
  whatIf: WhatIf,
  variant: Variant = 'as it is',
): readonly ScannedStack[] {
  const estate = loaded.get(root) ?? loadEstate(root);
  loaded.set(root, estate);
  const settings = variant === 'other' ? otherChoices(estate.settings) : estate.settings;
  const outdir = mkdtempSync(join(tmpdir(), 'types-'));
  try {
    const manifest = synthesise({ root, estate: { ...estate, settings }, environment, whatIf, outdir });
    const files = readEstateJson(root, outdir, manifest);
    return manifest.stacks.map(({ stack, waivers }) => ({ stack, waivers, json: files.get(stack)!.json }));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function otherChoices(settings: OrganisationSettings): OrganisationSettings {
  const [, everything] = settingsVariants(settings);
  const environments = Object.entries(everything!.environments).map(([name, each]) => [name, otherwise(each)] as const);
  return { ...everything!, environments: Object.fromEntries(environments) };
}

function otherwise(environment: EnvironmentSettings): EnvironmentSettings {
  const {
    instances: _,
    writeForwarding: __,
    enforcedRpoSec: ___,
    ...database
  } = environment.dataStores.database as unknown as Record<string, unknown>;
  return {
    ...environment,
    state: { ...environment.state, locking: 's3-and-dynamodb' },
    edge: { ...environment.edge, zone: { ...environment.edge.zone, signing: 'signed' } },
    dataStores: {
      ...environment.dataStores,
      database: {
        ...database,
        engine: 'rds-postgresql',
        storageGib: 100,
        storageLimitGib: 500,
      } as unknown as EnvironmentSettings['dataStores']['database'],
    },
  };
}
