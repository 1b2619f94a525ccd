import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProviderProcess } from './provider-process';
import type { PlanJson } from '@platform/tools/model/plan';
import { ProviderRelay, type KeptAnswers } from './provider-relay';
import type { TypeNames } from './trim-schema';
import { unlessAborted } from './unless-aborted';
import { withLeftOutBlocks } from './unused-blocks';

export interface SharedProviderOptions {
  /** Path of the provider's program, as it lies in a plugin folder. */
  readonly executable: string;
  /** Environment of the provider, without the variables that previews must not depend on. Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Folder in which a private one for sockets is made. Default: the system's folder for temporary files. */
  readonly folder?: string;
  /** Ends the start. A provider that runs is ended by {@link SharedProvider.stop}. */
  readonly signal?: AbortSignal;
  /** How long the start may take. Default 60 s: reading 675 MB from a cold disk is most of it. */
  readonly startTimeoutSec?: number;
}

/** What a stack wants from the provider. */
export interface ProviderUse extends TypeNames {
  /** How many configurations of the provider the stack has. Default 1. */
  readonly providerConfigurations?: number;
  /** Answers of a provider of this version that is configured as the stack's is. Default: every call is made. */
  readonly answers?: KeptAnswers;
}

/** The right of one stack to use the provider. */
export interface ProviderLease {
  /** To be added to the environment of `terraform`. */
  readonly environment: Record<string, string>;
  /** Types lack blocks that the stack does not use: an error about a block may name fewer others. */
  readonly lacksBlocks: boolean;
  /** What Terraform shows of a plan, with the blocks that types lacked. */
  whole(plan: PlanJson): PlanJson;
  release(): Promise<void>;
}

/** Addresses under which Terraform and OpenTofu know the provider. */
const ADDRESSES = ['registry.terraform.io/hashicorp/aws', 'registry.opentofu.org/hashicorp/aws'];

/** Unix socket paths end here: 104 bytes on macOS with the closing zero, 108 on Linux. */
const SOCKET_PATH_BYTES = 103;

/**
 * One running AWS provider that serves many offline preview plans, one after another, so that each of them neither
 * starts a provider nor decodes the schemas of 2,000 types that it does not use. A stack with two configurations of the
 * provider makes it start a second process, which stays: a process holds one configuration. Each takes about 500 MB.
 * Only for previews: between two plans the configuration of the former stays in it.
 */
export class SharedProvider {
  private readonly over = new AbortController();
  private readonly processes: ProviderProcess[] = [];
  private turn: Promise<void> = Promise.resolve();

  private constructor(
    private readonly options: SharedProviderOptions,
    private readonly folder: string,
    private readonly relay: ProviderRelay,
  ) {}

  /**
   * Starts the provider's program in the mode in which Terraform can attach to it.
   * @throws Error when it does not start, with its last words.
   */
  static async start(options: SharedProviderOptions): Promise<SharedProvider> {
    options.signal?.throwIfAborted();
    const folder = privateFolder(options.folder ?? tmpdir());
    const relay = new ProviderRelay(join(folder, 'relay'));
    const shared = new SharedProvider(options, folder, relay);
    try {
      await shared.grow(1, options.signal);
      await relay.listen();
      return shared;
    } catch (error) {
      await shared.stop();
      throw error;
    }
  }

  /** Why the provider can serve no longer; nothing while it can. A plan that failed meanwhile says nothing about its stack. */
  get failure(): Error | undefined {
    return this.over.signal.reason as Error | undefined;
  }

  /**
   * Waits for its turn, then hands out the environment for the Terraform processes of one stack, one at a time (`init`,
   * `plan`, `show`), which see the schemas of the types in `use` only.
   * @throws Error when the provider has ended, or `signal` says so while waiting.
   */
  async lease(use: ProviderUse, signal?: AbortSignal): Promise<ProviderLease> {
    const before = this.turn;
    let release!: () => void;
    this.turn = new Promise((resolve) => (release = resolve));
    let leftOut: ReturnType<ProviderRelay['serve']>;
    try {
      await unlessAborted(before, this.over.signal, signal);
      const configurations = Math.max(1, use.providerConfigurations ?? 1);
      await unlessAborted(this.grow(configurations, signal), this.over.signal);
      leftOut = this.relay.serve(use, configurations, use.answers);
    } catch (error) {
      void before.then(release);
      throw error;
    }
    const reattach = {
      Protocol: 'grpc',
      ProtocolVersion: 5,
      Pid: this.processes[0]!.pid,
      Test: true,
      Addr: { Network: 'unix', String: this.relay.path },
    };
    const value = JSON.stringify(Object.fromEntries(ADDRESSES.map((address) => [address, reattach])));
    return {
      environment: { TF_REATTACH_PROVIDERS: value },
      lacksBlocks: leftOut.size > 0,
      whole: (plan) => withLeftOutBlocks(plan, leftOut),
      release: async () => release(),
    };
  }

  /** Ends the provider, at once and whoever uses it, and removes its sockets. */
  async stop(): Promise<void> {
    this.over.abort(new Error('shared provider: stopped'));
    await this.relay.close();
    await Promise.all(this.processes.map((process) => process.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Starts processes until there are as many as asked for. */
  private async grow(count: number, signal: AbortSignal | undefined): Promise<void> {
    const { executable, environment = process.env, startTimeoutSec = 60 } = this.options;
    while (this.processes.length < count) {
      const started = await ProviderProcess.start({
        executable,
        environment,
        folder: this.folder,
        startTimeoutSec,
        signal: AbortSignal.any([this.over.signal, ...(signal ? [signal] : [])]),
      });
      started.ended.addEventListener('abort', () => this.over.abort(started.ended.reason));
      this.processes.push(started);
      await unlessAborted(
        this.relay.attach(started.socket),
        started.ended,
        signal,
        AbortSignal.timeout(startTimeoutSec * 1000),
      );
    }
  }
}

function privateFolder(wanted: string): string {
  const longest = join(wanted, 'preview-XXXXXX', 'plugin4294967295');
  return mkdtempSync(join(Buffer.byteLength(longest) > SOCKET_PATH_BYTES ? '/tmp' : wanted, 'preview-'));
}
