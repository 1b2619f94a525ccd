import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { StateStore } from '@platform/tools/aws/state-store';
import { findTerraform } from '@platform/tools/terraform/find-terraform';
import { findProviderSource, requiredProvider } from '@platform/tools/terraform/provider-source';
import { AwsCalls } from './aws-calls';
import { LiveFolders } from './live-folders';
import { LiveStates } from './live-states';
import type { LiveSessionOptions } from './session-options';
import { SynthesisedStacks } from './synthesised-stacks';
import { TerraformRuns } from './terraform-runs';
import { UnsupportedParts } from './unsupported-parts';

/** The parts that the live commands of one run share. What needs only some of them takes `Pick<LiveSession, …>`. */
export interface LiveSession {
  readonly options: LiveSessionOptions;
  readonly folders: LiveFolders;
  readonly stacks: SynthesisedStacks;
  readonly unsupported: UnsupportedParts;
  readonly calls: AwsCalls;
  readonly store: StateStore;
  readonly states: LiveStates;
  readonly terraform: TerraformRuns;
  /** Ends connections, and removes what was synthesised. */
  close(): void;
}

/** Synthesises the estate into a folder of this run's own, and finds Terraform and its provider. */
export async function openLiveSession(options: LiveSessionOptions): Promise<LiveSession> {
  const { root, target, note, signal } = options;
  const folders = new LiveFolders(options);
  // Plans, states and logs are for their owner only: those that Terraform writes too.
  process.umask(0o077);
  mkdirSync(folders.root, { recursive: true, mode: 0o700 });
  const stacks = SynthesisedStacks.into(folders.root, options);
  try {
    const binary = await findTerraform({ ...(note ? { onProgress: note } : {}), ...(signal ? { signal } : {}) });
    const source = findProviderSource({
      requirement: requiredProvider(stacks.configuration(stacks.all[0]!.stack))!,
      configFolder: join(folders.root, '.terraform-cli'),
      product: binary.product,
      cwd: root,
    });
    const place = { options };
    const calls = new AwsCalls(options);
    const store = new StateStore(target);
    return {
      options,
      folders,
      stacks,
      unsupported: new UnsupportedParts(target, stacks),
      calls,
      store,
      states: new LiveStates(place, stacks, calls, store),
      terraform: new TerraformRuns(binary, { ...target.variables, ...source.environment }, options, stacks),
      close: () => {
        store.close();
        stacks.remove();
      },
    };
  } catch (error) {
    stacks.remove();
    throw error;
  }
}
