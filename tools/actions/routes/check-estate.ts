import { selectEnvironment, type WhatIf } from '@platform/libs/settings/environment';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import type { EstateManifest } from '@platform/tools/actions/synth/synth';
import { checkRoutes } from './check-routes';
import { readEstateJson } from './estate-json';
import { UnreadableExpression } from '@platform/tools/model/expression';
import { formatBroken } from './report';

export interface CheckEstateOptions {
  /** Workspace root. */
  readonly root: string;
  readonly settings: Pick<LoadedEstate, 'settings' | 'regions'>;
  readonly manifest: EstateManifest;
  /** Where the estate of the manifest was synthesised to. */
  readonly outdir: string;
}

/** Every promise about routes that a synthesised estate breaks, a readable text each, for who has asked for something else. */
export function brokenRoutes({ root, settings, manifest, outdir }: CheckEstateOptions): string[] {
  const whatIf = { level: manifest.level, mode: manifest.mode } as WhatIf;
  const environment = selectEnvironment(settings.settings, manifest.environment, whatIf);
  try {
    return checkRoutes(readEstateJson(root, outdir, manifest), environment, settings.regions).broken.map((each) =>
      formatBroken([each]).trim(),
    );
  } catch (error) {
    if (error instanceof UnreadableExpression) return [error.message];
    throw error;
  }
}
