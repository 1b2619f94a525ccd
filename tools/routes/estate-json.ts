import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackJson } from '@platform/libs/testing/synthesised-stack';
import type { EstateManifest } from '@platform/tools/synth/synth';

/** The synthesised configuration of one stack, and the folder that owns it. */
export interface StackFile {
  readonly stack: string;
  /** Project folder: `shared/tgw`. */
  readonly project: string;
  readonly json: StackJson;
}

/** Every stack of an environment by its name. */
export type EstateJson = ReadonlyMap<string, StackFile>;

/** Reads what {@link EstateManifest} lists from the folder that was synthesised into. */
export function readEstateJson(outdir: string, manifest: EstateManifest): EstateJson {
  return new Map(
    manifest.stacks.map(({ stack, project }) => {
      const text = readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8');
      return [stack, { stack, project, json: JSON.parse(text) as StackJson }];
    }),
  );
}
