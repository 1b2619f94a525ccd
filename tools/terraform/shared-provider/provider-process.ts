import { constants } from 'node:os';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnSupervised, type SupervisedProcess } from '../spawn-supervised';
import { previewEnvironment } from './preview-environment';
import { unlessAborted } from './unless-aborted';

export interface ProviderProcessOptions {
  /** Path of the provider's program. */
  readonly executable: string;
  /** What {@link previewEnvironment} leaves of it is the program's environment. */
  readonly environment: NodeJS.ProcessEnv;
  /** Folder for its socket; removed when this process dies without stopping it. */
  readonly folder: string;
  readonly startTimeoutSec: number;
  readonly signal?: AbortSignal | undefined;
}

/** One running AWS provider that Terraform can attach to. It ends with this process and does not keep it alive. */
export class ProviderProcess {
  private readonly ending = new AbortController();

  private constructor(
    private readonly child: SupervisedProcess,
    /** Path of the Unix socket on which it serves gRPC. */
    readonly socket: string,
    readonly pid: number,
    describe: (what: string) => Error,
  ) {
    child.on('exit', (code) => this.ending.abort(describe(`the shared provider ended (${howItEnded(code)})`)));
    child.unref();
  }

  /**
   * Starts the program in the mode that is made for debuggers: it prints where it listens, and stays.
   * @throws Error with its last words when it does not start.
   */
  static async start(options: ProviderProcessOptions): Promise<ProviderProcess> {
    const { executable, environment, folder, signal, startTimeoutSec } = options;
    const child = spawnSupervised(executable, ['-debug'], {
      cwd: folder,
      // With AWS_CA_BUNDLE a provider cannot be configured twice; other variables would make previews differ by machine.
      env: { ...previewEnvironment(environment), TMPDIR: folder },
      orphanSignal: 'KILL',
      orphanFolder: folder,
    });
    const words = lastWords(child);
    const readToTheEnd = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const describe = (what: string) => new Error(`${basename(executable)}: ${what}\n${words.text}`.trim());
    const clock = new AbortController();
    const late = () => clock.abort(new Error(`has not started within ${startTimeoutSec} s`));
    const timer = setTimeout(late, startTimeoutSec * 1000);
    try {
      const socket = await unlessAborted(announcedSocket(child, words), clock.signal, signal);
      return new ProviderProcess(child, socket, await child.pid, describe);
    } catch (error) {
      await end(child);
      // Its end is known before its last words are read. No longer than a second: what got away from its group keeps the pipe open.
      await Promise.race([readToTheEnd, delay(1000, undefined, { ref: false })]);
      throw signal?.aborted ? error : describe((error as Error).message);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Aborted, with an error as its reason, once the program has ended. */
  get ended(): AbortSignal {
    return this.ending.signal;
  }

  /** Kills it: it has nothing to save. */
  stop(): Promise<void> {
    return end(this.child);
  }
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
      const announced = JSON.parse(value) as Record<string, { ProtocolVersion: number; Addr: { String: string } }>;
      const [provider] = Object.values(announced);
      if (provider?.ProtocolVersion === 5) resolve(provider.Addr.String);
      else reject(new Error(`speaks protocol ${provider?.ProtocolVersion}, not 5; plan without the shared provider`));
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`ended while it started (${howItEnded(code)})`)));
  });
}

/** `SIGSEGV` where a signal ended it, else its exit code. */
function howItEnded(code: number): string {
  const signal = Object.entries(constants.signals).find(([, number]) => code === 128 + number);
  return signal?.[0] ?? String(code);
}

async function end(child: SupervisedProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.ref();
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.signalGroup('SIGKILL');
  await exited;
}
