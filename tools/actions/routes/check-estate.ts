import { selectEnvironment, type WhatIf } from '@platform/libs/settings/environment';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import type { EstateManifest } from '@platform/tools/actions/synth/synth';
import { checkRoutes } from './check-routes';
import { readEstateJson } from './estate-json';
import { UnreadableExpression } from '@platform/tools/model/expression';
import { formatViolation } from './report';

export interface CheckEstateOptions {
  /** Workspace root. */
  readonly root: string;
  readonly settings: Pick<LoadedEstate, 'settings' | 'regions'>;
  readonly manifest: EstateManifest;
  /** Where the estate of the manifest was synthesised to. */
  readonly outdir: string;
}

/** Every violation of the reachability policy in a synthesised estate, as text. */
export function routeViolations({ root, settings, manifest, outdir }: CheckEstateOptions): string[] {
  const whatIf = { level: manifest.level, mode: manifest.mode } as WhatIf;
  const environment = selectEnvironment(settings.settings, manifest.environment, whatIf);
  try {
    return checkRoutes(readEstateJson(root, outdir, manifest), environment, settings.regions).violations.map((each) =>
      formatViolation([each]).trim(),
    );
  } catch (error) {
    if (error instanceof UnreadableExpression) return [error.message];
    throw error;
  }
}
