import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { synthesise } from '@platform/tools/actions/synth/synth';
import type { Configuration } from '@platform/tools/model/configuration';
import { folderOfRun } from './folder-lock';
import type { LiveSessionOptions } from './session-options';

/** The stacks of the estate, synthesised into a folder of this run's own: two runs at once would write over each other's. */
export class SynthesisedStacks {
  private readonly byName: ReadonlyMap<string, StackDescription>;

  private constructor(
    /** In deploy order by reads. */
    readonly all: readonly StackDescription[],
    /** Quotas of AWS that the stacks need more of than a new account has, one line each. */
    readonly quotaWarnings: readonly string[],
    private readonly run: string,
  ) {
    this.byName = new Map(all.map((each) => [each.stack, each]));
  }

  /** @param parent of the run's folder; it must exist */
  static into(
    parent: string,
    { root, estate, environment }: Pick<LiveSessionOptions, 'root' | 'estate' | 'environment'>,
  ): SynthesisedStacks {
    const run = folderOfRun(parent);
    try {
      const outdir = join(run, 'synth');
      const { stacks, quotaWarnings } = synthesise({ root, estate, environment: environment.name, outdir });
      return new SynthesisedStacks(stacks, quotaWarnings, run);
    } catch (error) {
      rmSync(run, { recursive: true, force: true });
      throw error;
    }
  }

  /** Whether a stack belongs to the estate; one whose project is gone does not. */
  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** The description of a stack of the estate. */
  get(name: string): StackDescription {
    return this.byName.get(name)!;
  }

  /** Folder of the synthesised stack. */
  folder(stack: string): string {
    return join(this.run, 'synth', 'stacks', stack);
  }

  configuration(stack: string): Configuration {
    return JSON.parse(readFileSync(join(this.folder(stack), 'cdk.tf.json'), 'utf8')) as Configuration;
  }

  /** Removes what was synthesised. */
  remove(): void {
    rmSync(this.run, { recursive: true, force: true });
  }
}
