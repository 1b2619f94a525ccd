import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AdoptionLevel } from '@platform/libs/settings/adoption';
import type { Mode } from '@platform/libs/settings/organisation';
import { synthesise } from '@platform/tools/synth/synth';
import { executor, type BatchTask, type TaskOutcome } from './batch';

export interface SynthOptions {
  readonly environment: string;
  readonly level?: AdoptionLevel;
  readonly mode?: Mode;
}

/**
 * Synthesises the estate once per environment of the batch and hands each project its stacks:
 * `dist/synth/<environment>/<project>/stacks/<stack>/cdk.tf.json`, with `estate.json` beside `stacks`.
 */
export const { one, batch } = executor<SynthOptions>(async ({ root }, tasks) => {
  const outcomes = new Map<string, TaskOutcome>();
  for (const [variant, group] of groupBy(tasks, ({ options }) => JSON.stringify(options))) {
    const { environment, level, mode } = JSON.parse(variant) as SynthOptions;
    mkdirSync(join(root, 'dist'), { recursive: true });
    const outdir = mkdtempSync(join(root, 'dist', '.synth-'));
    try {
      const manifest = synthesise({
        root,
        environment,
        whatIf: { ...(level ? { level } : {}), ...(mode ? { mode } : {}) },
        outdir,
      });
      for (const { id, project, folder } of group) {
        const stacks = manifest.stacks.filter((stack) => stack.project === folder);
        const target = join(root, 'dist', 'synth', environment, project);
        rmSync(target, { recursive: true, force: true });
        mkdirSync(join(target, 'stacks'), { recursive: true });
        for (const { stack } of stacks) {
          cpSync(join(outdir, 'stacks', stack), join(target, 'stacks', stack), { recursive: true });
        }
        writeFileSync(join(target, 'estate.json'), `${JSON.stringify({ ...manifest, stacks }, null, 2)}\n`);
        outcomes.set(id, { success: true, output: `${environment}: ${stacks.map(({ stack }) => stack).join(', ')}` });
      }
    } catch (error) {
      for (const { id } of group) outcomes.set(id, { success: false, output: (error as Error).message });
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  }
  return outcomes;
});

function groupBy<T>(items: readonly BatchTask<T>[], key: (item: BatchTask<T>) => string): Map<string, BatchTask<T>[]> {
  const groups = new Map<string, BatchTask<T>[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
