import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { signalGroup, spawnSupervised, type SupervisedProcess } from '@platform/tools/terraform/spawn-supervised';
import { ProviderRelay } from './provider-relay';
import type { TypeNames } from './trim-schema';

export interface SharedProviderOptions {
  /** Path of the provider's program, as it lies in a plugin folder. */
  readonly executable: string;
  /**
   * Environment of the provider. Default: this process's. Variables of AWS never reach it: the provider has to start
   * alike on every machine, and with `AWS_CA_BUNDLE` it cannot be configured a second time.
   */
  readonly environment?: NodeJS.ProcessEnv;
  /** Folder in which a private one for sockets is made. Default: the system's folder for temporary files. */
  readonly folder?: string;
  /** Ends the start. A provider that runs is ended by {@link SharedProvider.stop}. */
  readonly signal?: AbortSignal;
  /** How long the start may take. Default 60 s: reading 675 MB from a cold disk is most of it. */
  readonly startTimeoutSec?: number;
}

/** The right of one Terraform process at a time to use the provider. */
export interface ProviderLease {
  /** To be added to the environment of `terraform`. */
  readonly environment: Record<string, string>;
  release(): Promise<void>;
}

/** Addresses under which Terraform and OpenTofu know the provider. */
const ADDRESSES = ['registry.terraform.io/hashicorp/aws', 'registry.opentofu.org/hashicorp/aws'];

/** Unix socket paths end here: 104 bytes on macOS with the closing zero, 108 on Linux. */
const SOCKET_PATH_BYTES = 103;

/**
 * One running AWS provider that serves many offline preview plans, one after another, so that each of them neither
 * starts a provider nor decodes the schemas of 2,000 types that it does not use. Holds about 560 MB. Only for previews:
 * the provider keeps the configuration of whoever came last.
 */
export class SharedProvider {
  /** Aborted, with the reason, when the provider can serve no longer. */
  private readonly over = new AbortController();
  private turn: Promise<void> = Promise.resolve();

  private constructor(
    private readonly child: SupervisedProcess,
    private readonly relay: ProviderRelay,
    private readonly environment: Record<string, string>,
    private readonly folder: string,
  ) {}

  /**
   * Starts the provider's program in the mode in which Terraform can attach to it.
   * @throws Error when it does not start, with its last words.
   */
  static async start(options: SharedProviderOptions): Promise<SharedProvider> {
    const { executable, signal, startTimeoutSec = 60 } = options;
    signal?.throwIfAborted();
    if (process.platform === 'win32') throw new Error('shared provider: needs Unix sockets; plan without it');
    const folder = privateFolder(options.folder ?? tmpdir());
    const child = spawnSupervised(executable, ['-debug'], {
      cwd: folder,
      env: { ...withoutAws(options.environment ?? process.env), TMPDIR: folder },
      orphanSignal: 'KILL',
      orphanFolder: folder,
    });
    const words = lastWords(child);
    let relay: ProviderRelay | undefined;
    const clock = new AbortController();
    const late = () => clock.abort(new Error(`has not started within ${startTimeoutSec} s`));
    const timer = setTimeout(late, startTimeoutSec * 1000);
    try {
      const started = async () => {
        const socket = await announcedSocket(child, words);
        relay = await ProviderRelay.listen({ path: join(folder, 'relay'), provider: socket });
        return relay;
      };
      const ready = await unlessAborted(started(), clock.signal, signal);
      const reattach = {
        Protocol: 'grpc',
        ProtocolVersion: 5,
        Pid: child.pid,
        Test: true,
        Addr: { Network: 'unix', String: join(folder, 'relay') },
      };
      const value = JSON.stringify(Object.fromEntries(ADDRESSES.map((address) => [address, reattach])));
      const shared = new SharedProvider(child, ready, { TF_REATTACH_PROVIDERS: value }, folder);
      child.on('exit', (code, killer) => {
        shared.over.abort(
          new Error(`${basename(executable)}: the shared provider ended (${killer ?? code})\n${words.text}`.trim()),
        );
      });
      unref(child);
      return shared;
    } catch (error) {
      await relay?.close();
      await end(child);
      rmSync(folder, { recursive: true, force: true });
      if (signal?.aborted) throw error;
      throw new Error(`${basename(executable)}: ${(error as Error).message}\n${words.text}`.trim());
    } finally {
      clearTimeout(timer);
    }
  }

  /** Why the provider can serve no longer; nothing while it can. A plan that failed meanwhile says nothing about its stack. */
  get failure(): Error | undefined {
    return this.over.signal.reason as Error | undefined;
  }

  /**
   * Waits for its turn, then hands out the environment for the Terraform processes of one stack, one at a time (`init`,
   * `plan`, `show`), which see the schemas of `types` only.
   * @throws Error when the provider has ended, or `signal` says so while waiting.
   */
  async lease(types: TypeNames, signal?: AbortSignal): Promise<ProviderLease> {
    const before = this.turn;
    let release!: () => void;
    this.turn = new Promise((resolve) => (release = resolve));
    try {
      await unlessAborted(before, this.over.signal, signal);
      this.relay.serve(types);
    } catch (error) {
      void before.then(release);
      throw error;
    }
    return { environment: this.environment, release: async () => release() };
  }

  /** Ends the provider, at once and whoever uses it, and removes its sockets. A second call waits for the first. */
  async stop(): Promise<void> {
    this.over.abort(new Error('shared provider: stopped'));
    await this.relay.close();
    await end(this.child);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(([name]) => !name.startsWith('AWS_'));
  return { ...Object.fromEntries(kept), AWS_EC2_METADATA_DISABLED: 'true' };
}

function privateFolder(wanted: string): string {
  const longest = join(wanted, 'preview-XXXXXX', 'plugin4294967295');
  return mkdtempSync(join(Buffer.byteLength(longest) > SOCKET_PATH_BYTES ? '/tmp' : wanted, 'preview-'));
}

/** The tail of what a program says on both its streams, which are read to their end so that it never blocks. */
function lastWords(child: SupervisedProcess): { text: string } {
  const words = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      words.text = (words.text + text).slice(-8192);
    });
  }
  return words;
}

/** The socket that the provider prints for people who debug it: `TF_REATTACH_PROVIDERS='{…}'`. */
function announcedSocket(child: SupervisedProcess, words: { readonly text: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const value = /TF_REATTACH_PROVIDERS='(.*)'/.exec(words.text)?.[1];
      if (value === undefined) return;
      const [provider] = Object.values(
        JSON.parse(value) as Record<string, { ProtocolVersion: number; Addr: { String: string } }>,
      );
      if (provider?.ProtocolVersion === 5) resolve(provider.Addr.String);
      else reject(new Error(`speaks protocol ${provider?.ProtocolVersion}, not 5; plan without the shared provider`));
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('error', reject);
    child.on('exit', (code, signal) => reject(new Error(`ended while it started (${signal ?? code})`)));
  });
}

/** What `promise` gives, or the reason of the first signal that aborts before. */
async function unlessAborted<T>(promise: Promise<T>, ...signals: (AbortSignal | undefined)[]): Promise<T> {
  const signal = AbortSignal.any(signals.filter((each) => each !== undefined));
  signal.throwIfAborted();
  let abort!: () => void;
  const abortion = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort);
  });
  try {
    return await Promise.race([promise, abortion]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A provider that nobody stops must not keep this process alive: it ends with it. */
function unref(child: SupervisedProcess): void {
  child.unref();
  for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref();
}

async function end(child: SupervisedProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  signalGroup(child, 'SIGKILL');
  await exited;
}
