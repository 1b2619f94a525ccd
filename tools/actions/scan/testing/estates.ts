import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WhatIf } from '@platform/libs/settings/environment';
import { otherChoices } from '@platform/e2e/fixtures/settings-variants';
import { readEstateJson } from '@platform/tools/actions/routes/estate-json';
import { loadEstate, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
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
