import { join } from 'node:path';
import { requiredProvider, findProviderSource, type ProviderSource } from '@platform/tools/terraform/provider-source';
import { findTerraform, type TerraformBinary } from '@platform/tools/terraform/find-terraform';
import type { Configuration } from './configuration';
import { previewEnvironment } from './preview-environment';
import { planStack, validateStack, type PreviewResult } from './preview-stack';
import { SharedProvider } from './shared-provider';
import { typesInUse } from './types-in-use';

export interface PreviewSessionOptions {
  readonly root: string;
  /** A configuration of the estate: which provider it asks for. */
  readonly configuration: Configuration;
  /** Folder for what the session writes. */
  readonly folder: string;
  readonly action: 'plan' | 'validate';
  readonly sharedProvider: boolean;
  readonly signal?: AbortSignal;
  readonly note?: (text: string) => void;
}

/** What all previews of one run have in common: the Terraform binary, where the provider comes from, one running provider per worker. */
export class PreviewSession {
  private readonly providers: (Promise<SharedProvider> | undefined)[] = [];

  private constructor(
    readonly binary: TerraformBinary,
    private readonly source: ProviderSource,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly options: PreviewSessionOptions,
  ) {}

  static async open(options: PreviewSessionOptions): Promise<PreviewSession> {
    const { root, configuration, folder, signal, note } = options;
    const binary = await findTerraform({ ...(note ? { onProgress: note } : {}), ...(signal ? { signal } : {}) });
    const source = findProviderSource({
      requirement: requiredProvider(configuration)!,
      configFolder: join(folder, '.terraform-cli'),
      product: binary.product,
      cwd: root,
    });
    return new PreviewSession(binary, source, { ...previewEnvironment(process.env), ...source.environment }, options);
  }

  /**
   * Runs the session's action in a prepared folder: with the worker's shared provider where the stack allows it, and
   * with a provider of its own where it does not or where that way failed.
   */
  async run(stack: string, folder: string, configuration: Configuration, worker: number): Promise<PreviewResult> {
    const action = this.options.action === 'validate' ? validateStack : planStack;
    const run = {
      stack,
      folder,
      binary: this.binary,
      environment: this.environment,
      ...(this.options.signal ? { signal: this.options.signal } : {}),
    };
    const types = typesInUse(configuration);
    const provider = types.obstacle ? undefined : await this.sharedProvider(worker);
    if (provider) {
      const lease = await provider.lease(types, this.options.signal);
      try {
        const result = await action({ ...run, environment: { ...this.environment, ...lease.environment } });
        if (result.errors.length === 0 || this.options.signal?.aborted) return result;
      } finally {
        await lease.release();
      }
      this.options.note?.(`${stack}: failed with the shared provider, trying with one of its own`);
    }
    return action(run);
  }

  async close(): Promise<void> {
    await Promise.all(this.providers.map(async (provider) => (await provider?.catch(() => undefined))?.stop()));
  }

  /** The worker's provider, started when first needed; nothing where it cannot be had, and each plan then starts its own. */
  private async sharedProvider(worker: number): Promise<SharedProvider | undefined> {
    const { executable } = this.source;
    if (!this.options.sharedProvider || !executable) return undefined;
    this.providers[worker] ??= SharedProvider.start({
      executable,
      environment: this.environment,
      ...(this.options.signal ? { signal: this.options.signal } : {}),
    });
    try {
      const provider = await this.providers[worker];
      return provider.failure ? undefined : provider;
    } catch (error) {
      if (!this.options.signal?.aborted) this.options.note?.((error as Error).message);
      return undefined;
    }
  }
}
