import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackJson } from '@platform/libs/testing/synthesised-stack';
import { sourceOf } from '@platform/tools/actions/synth/source-of';
import type { EstateManifest } from '@platform/tools/actions/synth/synth';

/** The synthesised configuration of one stack, and the folder that owns it. */
export interface StackFile {
  readonly stack: string;
  /** Project folder: `shared/tgw`. */
  readonly project: string;
  /** File of the stack's code: `shared/tgw/link-stack.ts`. */
  readonly source: string;
  readonly json: StackJson;
}

/** Every stack of an environment by its name. */
export type EstateJson = ReadonlyMap<string, StackFile>;

/** Reads what {@link EstateManifest} lists from the folder that was synthesised into; `root` is the workspace's. */
export function readEstateJson(root: string, outdir: string, manifest: EstateManifest): EstateJson {
  return new Map(
    manifest.stacks.map((description) => {
      const { stack, project } = description;
      const text = readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8');
      return [stack, { stack, project, source: sourceOf(root, description), json: JSON.parse(text) as StackJson }];
    }),
  );
}
