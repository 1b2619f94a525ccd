import { join } from 'node:path';
import { requiredProvider, findProviderSource, type ProviderSource } from '@platform/tools/terraform/provider-source';
import { unpackProvider } from '@platform/tools/terraform/unpack-provider';
import { verifyProvider } from '@platform/tools/terraform/verify-provider';
import { findTerraform, type TerraformBinary } from '@platform/tools/terraform/find-terraform';
import type { Configuration } from '@platform/tools/model/configuration';
import { previewEnvironment } from '@platform/tools/terraform/shared-provider/preview-environment';
import type { KeptAnswers } from '@platform/tools/terraform/shared-provider/provider-relay';
import type { ContentCache } from '@platform/tools/workspace/content-cache';
import { sha256 } from '@platform/tools/workspace/file-digests';
import { previewKey, programsKey, toolDigest, withFolder, withoutFolder } from './preview-key';
import {
  planStack,
  previewState,
  readSchemas,
  validateStack,
  writePlan,
  type PreviewResult,
  type PreviewRun,
} from './preview-stack';
import type { TypeSchemas } from '@platform/tools/model/schema';
import {
  SharedProvider,
  type ProviderLease,
  type ProviderUse,
} from '@platform/tools/terraform/shared-provider/shared-provider';
import { typesInUse } from '@platform/tools/terraform/shared-provider/types-in-use';

export interface PreviewSessionOptions {
  readonly root: string;
  /** A configuration of the estate: which provider it asks for. */
  readonly configuration: Configuration;
  /** Folder for what the session writes. */
  readonly folder: string;
  readonly action: 'plan' | 'validate';
  /** Whether plans come with what people read of them. Default: no. */
  readonly shows?: boolean;
  readonly sharedProvider: boolean;
  /** Where previews are kept that were made of the same content. Default: every preview is made. */
  readonly cache?: ContentCache;
  readonly signal?: AbortSignal;
  readonly note?: (text: string) => void;
  /** Called each time a provider begins to start, for work of this process that does not need it: that takes a second. */
  readonly starting?: () => void;
}

/** What all previews of one run have in common: the Terraform binary, where the provider comes from, one running provider per worker. */
export class PreviewSession {
  private readonly providers: (Promise<SharedProvider> | undefined)[] = [];
  private readonly noted = new Set<string>();
  private tool: string | undefined;

  private constructor(
    readonly binary: TerraformBinary,
    private readonly source: ProviderSource,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly options: PreviewSessionOptions,
  ) {}

  static async open(options: PreviewSessionOptions): Promise<PreviewSession> {
    const { root, configuration, folder, signal, note } = options;
    const binary = await findTerraform({ ...(note ? { onProgress: note } : {}), ...(signal ? { signal } : {}) });
    const requirement = requiredProvider(configuration)!;
    const configFolder = join(folder, '.terraform-cli');
    const source = await unpackProvider({
      root,
      binary,
      requirement,
      configFolder,
      source: findProviderSource({ requirement, configFolder, product: binary.product, cwd: root }),
      ...(note ? { onProgress: note } : {}),
      ...(signal ? { signal } : {}),
    });
    const { executable } = source;
    if (executable) await verifyProvider({ root, requirement, executable, product: binary.product });
    return new PreviewSession(binary, source, { ...previewEnvironment(process.env), ...source.environment }, options);
  }

  /**
   * Runs the session's action in a prepared folder, on the state that may lie there. What the cache has of the same
   * content is not made again.
   */
  async run(stack: string, folder: string, configuration: Configuration, worker: number): Promise<PreviewResult> {
    const { action, shows = false } = this.options;
    const { value, cached } = await this.keep(folder, configuration, [action, shows], async () => {
      const result = await this.make(stack, folder, configuration, worker);
      return { value: result, isKept: result.errors.length === 0 };
    });
    if (cached && value.plan) writePlan(folder, value.plan);
    return cached ? { ...value, cached } : value;
  }

  /** The same without the cache. */
  make(stack: string, folder: string, configuration: Configuration, worker: number): Promise<PreviewResult> {
    const run = (preview: PreviewRun) =>
      this.options.action === 'validate' ? validateStack(preview) : planStack(preview, configuration);
    return this.attached(run, stack, folder, configuration, worker);
  }

  /**
   * What the cache has for the content of a prepared folder, else what `make` gives.
   * @param what tells apart what is made of the same content
   */
  async keep<T>(
    folder: string,
    configuration: Configuration,
    what: readonly unknown[],
    make: () => Promise<{ readonly value: T; readonly isKept: boolean }>,
  ): Promise<{ readonly value: T; readonly cached: boolean }> {
    const { cache, root } = this.options;
    const programs = cache && programsKey({ root, binary: this.binary, source: this.source }, configuration);
    const key = programs && previewKey(folder, configuration, [...what, programs, this.toolDigest]);
    const kept = key && cache.get(key);
    if (kept) return { value: JSON.parse(withFolder(kept, folder)) as T, cached: true };
    const { value, isKept } = await make();
    if (key && isKept) cache.put(key, withoutFolder(JSON.stringify(value), folder));
    return { value, cached: false };
  }

  /** Schemas of the types that a stack uses. */
  async typeSchemas(stack: string, folder: string, configuration: Configuration, worker: number): Promise<TypeSchemas> {
    const { schemas, errors } = await this.attached(readSchemas, stack, folder, configuration, worker);
    if (!schemas) throw new Error(errors.join('\n'));
    return schemas;
  }

  /** With the worker's shared provider where the stack allows it, else, or where that failed, with one of its own. */
  private async attached<R extends Pick<PreviewResult, 'errors' | 'configurationIsWrong'>>(
    action: (run: PreviewRun) => Promise<R>,
    stack: string,
    folder: string,
    configuration: Configuration,
    worker: number,
  ): Promise<R> {
    const run = {
      stack,
      folder,
      binary: this.binary,
      environment: this.environment,
      shows: this.options.shows ?? false,
      ...(this.options.signal ? { signal: this.options.signal } : {}),
    };
    const { obstacle, ...types } = typesInUse(configuration, previewState(folder));
    if (obstacle) return action(run);
    const trimmed = { ...types, ...this.answersFor(configuration) };
    const { blocks: _blocks, ...whole } = types;
    let isTried = false;
    for (const use of [trimmed, whole]) {
      const lease = await this.lease(use, worker);
      if (!lease) break;
      isTried = true;
      try {
        const environment = { ...this.environment, ...lease.environment };
        const result = await action({ ...run, environment, whole: lease.whole });
        if (result.errors.length === 0 || this.options.signal?.aborted) return result;
        // An error about a block names all blocks of its type once they are there.
        if (lease.lacksBlocks) continue;
        // Unless the provider has died meanwhile, which its errors need not say.
        if (result.configurationIsWrong && !(await this.providers[worker])?.failure) return result;
        break;
      } finally {
        await lease.release();
      }
    }
    if (isTried) this.options.note?.(`${stack}: failed with the shared provider, trying with one of its own`);
    return action(run);
  }

  /** Answers of the provider that are kept for the way in which a configuration configures it. */
  private answersFor(configuration: Configuration): { readonly answers?: KeptAnswers } {
    const { cache, root } = this.options;
    const provider = JSON.stringify(configuration.provider ?? {});
    const programs = cache && programsKey({ root, binary: this.binary, source: this.source }, configuration);
    if (!programs || provider.includes('${')) return {};
    const keyOf = (call: string) => `${call} ${sha256(JSON.stringify([programs, this.toolDigest, provider]))}`;
    return {
      answers: { get: (call) => cache.get(keyOf(call)), put: (call, answer) => cache.put(keyOf(call), answer) },
    };
  }

  private get toolDigest(): string {
    return (this.tool ??= toolDigest(this.options.root));
  }

  async close(): Promise<void> {
    await Promise.all(this.providers.map(async (provider) => (await provider?.catch(() => undefined))?.stop()));
  }

  /**
   * A place at the worker's provider, which is started when first needed and again after a crash; nothing where it
   * cannot be had, and the stack's Terraform then starts its own.
   */
  private async lease(use: ProviderUse, worker: number): Promise<ProviderLease | undefined> {
    const { executable } = this.source;
    const { sharedProvider, signal, note } = this.options;
    if (!sharedProvider || !executable) return undefined;
    try {
      const former = await this.providers[worker];
      if (former?.failure) {
        await former.stop();
        this.providers[worker] = undefined;
      }
      const options = { executable, environment: this.environment, ...(signal ? { signal } : {}) };
      if (!this.providers[worker]) {
        this.providers[worker] = SharedProvider.start(options);
        this.options.starting?.();
      }
      const provider = await this.providers[worker];
      return await provider.lease(use, signal);
    } catch (error) {
      const { message } = error as Error;
      if (!signal?.aborted && !this.noted.has(message)) note?.(message);
      this.noted.add(message);
      return undefined;
    }
  }
}
