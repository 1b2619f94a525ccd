import { appendFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '@platform/libs/settings/environment';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Configuration } from '@platform/tools/model/configuration';
import { synthesise } from '@platform/tools/actions/synth/synth';
import type { LoadedEstate } from '@platform/tools/workspace/load-estate';
import { eventsOf } from '@platform/tools/terraform/events';
import { terraformFailure, TerraformFailure } from '@platform/tools/terraform/failure';
import { findTerraform, type TerraformBinary } from '@platform/tools/terraform/find-terraform';
import { findProviderSource, requiredProvider } from '@platform/tools/terraform/provider-source';
import { runTerraform, type TerraformResult } from '@platform/tools/terraform/run-terraform';
import type { LiveTarget, Unsupported } from '@platform/tools/aws/live-target';
import { callersFailure } from '@platform/tools/aws/callers-failure';
import { folderOfRun, type FolderWait } from './folder-lock';
import { LostBuckets } from '@platform/tools/aws/lost-buckets';
import { commandLine } from './plan-command-for';
import { StateStore, UnreadableState } from '@platform/tools/aws/state-store';
import { resourceAddresses, stateLocation, type StateLocation } from '@platform/tools/model/configuration';
import { type TerraformState } from '@platform/tools/model/state';
import { withRetries } from '@platform/tools/aws/with-retries';

export interface LiveSessionOptions {
  /** Workspace root. */
  readonly root: string;
  readonly estate: LoadedEstate;
  readonly environment: Environment;
  readonly target: LiveTarget;
  /** Where Terraform works, a folder per stack. Default: {@link liveFolderOf} the workspace. */
  readonly folder?: string;
  /** Time that a command waits for somebody else's lock, in seconds. Default 60. */
  readonly lockTimeoutSec?: number;
  /** Stacks that are worked on at once. Default: one per processor, four at most. */
  readonly workers?: number;
  /** Key of the region to whose stacks a command is limited. Default: all regions. */
  readonly region?: string;
  readonly note?: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** Some of AWS takes as long to make, and an endpoint that has frozen lets Terraform wait for ever. */
const REMIND_MIN = 10;

/** Beside the log in a stack's folder: what Terraform did, without any value. Of all in the folder, only this may be published. */
export const eventsFile = 'events.log';

/** What a live command does with a stack; each has a folder of its own, so that a drift check leaves a review alone. */
export const livePurposes = ['deploy', 'drift', 'destroy', 'reconcile', 'adopt', 'show'] as const;
export type LivePurpose = (typeof livePurposes)[number];

/** What all live plans and applies of one run have in common. None of them ever uses a shared provider. */
export class LiveSession {
  readonly store: StateStore;
  private readonly byName: ReadonlyMap<string, StackDescription>;
  private readonly unsupportedParts = new Map<string, Unsupported>();
  /** Stacks that Terraform works on at this moment, with its logs. */
  private readonly running = new Map<string, string>();
  private readonly lost = new LostBuckets((error) => callersFailure(error, '')?.kind === 'network');

  private constructor(
    readonly options: LiveSessionOptions,
    readonly binary: TerraformBinary,
    /** In deploy order by reads. */
    readonly stacks: readonly StackDescription[],
    private readonly run: string,
    /** What Terraform gets as its environment. */
    readonly variables: NodeJS.ProcessEnv,
  ) {
    this.store = new StateStore(options.target);
    this.byName = new Map(stacks.map((stack) => [stack.stack, stack]));
  }

  /** Synthesises the estate into a folder of this run's own, and finds Terraform and its provider. */
  static async open(options: LiveSessionOptions): Promise<LiveSession> {
    const { root, estate, environment, target, note, signal } = options;
    const folder = options.folder ?? liveFolderOf(root, target.name, environment.name);
    // Plans, states and logs are for their owner only: those that Terraform writes too.
    process.umask(0o077);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    // Not `dist/synth`: two runs at once would write over each other's.
    const run = folderOfRun(folder);
    const synthesised = join(run, 'synth');
    try {
      const { stacks } = synthesise({ root, estate, environment: environment.name, outdir: synthesised });
      const binary = await findTerraform({ ...(note ? { onProgress: note } : {}), ...(signal ? { signal } : {}) });
      const source = findProviderSource({
        requirement: requiredProvider(readConfiguration(synthesised, stacks[0]!.stack))!,
        configFolder: join(folder, '.terraform-cli'),
        product: binary.product,
        cwd: root,
      });
      const variables = { ...target.variables, ...source.environment };
      return new LiveSession(options, binary, stacks, run, variables);
    } catch (error) {
      rmSync(run, { recursive: true, force: true });
      throw error;
    }
  }

  close(): void {
    rmSync(this.run, { recursive: true, force: true });
  }

  get lockTimeoutSec(): number {
    return this.options.lockTimeoutSec ?? 60;
  }

  /** How folders are waited for: as long as locks, aloud, and until somebody stops it. */
  get folderWait(): FolderWait {
    const { note, signal } = this.options;
    return {
      waitSec: this.lockTimeoutSec,
      ...(note ? { onWait: note } : {}),
      ...(signal ? { signal } : {}),
    };
  }

  /** Where Terraform works, a folder per stack. */
  get folder(): string {
    const { root, target, environment, folder } = this.options;
    return folder ?? liveFolderOf(root, target.name, environment.name);
  }

  /** The description of a stack of the estate. */
  stack(name: string): StackDescription {
    return this.byName.get(name)!;
  }

  private get synthesised(): string {
    return join(this.run, 'synth');
  }

  /** Folder of the synthesised stack. */
  synthFolder(stack: string): string {
    return join(this.synthesised, 'stacks', stack);
  }

  configuration(stack: string): Configuration {
    return readConfiguration(this.synthesised, stack);
  }

  /** What of a stack the target cannot make. */
  unsupported(stack: string): Unsupported {
    const known = this.unsupportedParts.get(stack);
    if (known) return known;
    const upstream = this.stack(stack).reads.map((read) => [read, this.unsupported(read).outputs] as const);
    const parts = this.options.target.unsupported?.(this.configuration(stack), new Map(upstream));
    const found = parts ?? { resources: [], outputs: [] };
    this.unsupportedParts.set(stack, found);
    return found;
  }

  /** Whether the target can make nothing of a stack. */
  isUnsupported(stack: string): boolean {
    return this.unsupported(stack).resources.length > 0 && this.supportedResources(stack).length === 0;
  }

  /** `-target=<address>` for each resource that the target can make; none where it can make all of the stack. */
  targetArguments(stack: string): string[] {
    if (this.unsupported(stack).resources.length === 0) return [];
    return this.supportedResources(stack).map((address) => `-target=${address}`);
  }

  private supportedResources(stack: string): string[] {
    const unsupported = new Set(this.unsupported(stack).resources.map(({ address }) => address));
    return resourceAddresses(this.configuration(stack)).filter((address) => !unsupported.has(address));
  }

  /** Folder in which Terraform works on a stack. */
  folderOf(stack: string, purpose: LivePurpose = 'deploy'): string {
    return purpose === 'deploy' ? join(this.folder, stack) : join(this.folder, `.${purpose}`, stack);
  }

  /** The state of a stack as it is now; nothing where it has never been deployed. */
  async state(stack: string): Promise<TerraformState | undefined> {
    return this.stateAt(stateLocation(this.configuration(stack)), stack);
  }

  /** @throws UnreadableState with what to do */
  async stateAt(location: StateLocation, stack: string): Promise<TerraformState | undefined> {
    try {
      return await this.calling(stack, () => this.store.read(location), location.bucket);
    } catch (error) {
      if (!(error instanceof UnreadableState)) throw error;
      const remedy = this.byName.has(stack)
        ? `see which versions of it there are, and restore one as docs/runbooks/lost-state.md says: ${commandLine(this, 'state', 'list', stack)}`
        : 'its project is gone: bring it back to restore a version';
      throw new UnreadableState(location, error.etag, stack, remedy);
    }
  }

  /**
   * Makes a call of the SDK that changes nothing or may be repeated: again after a failure of the network.
   * @param bucket what is called, where that is a bucket of states: one that does not answer is repeated once per run
   */
  async calling<T>(stack: string, call: () => Promise<T>, bucket?: string): Promise<T> {
    const { signal, note } = this.options;
    const repeat = (again: () => Promise<T>) =>
      withRetries(again, {
        passes: (error) => callersFailure(error, stack)?.kind === 'network',
        onWait: (error, seconds) =>
          note?.(
            `${bucket ?? stack}: ${(error as Error).message || (error as { code?: string }).code}; trying again in ${seconds} s`,
          ),
        ...(signal ? { signal } : {}),
      });
    try {
      return await (bucket === undefined ? repeat(call) : this.lost.ask(bucket, call, repeat));
    } catch (error) {
      throw callersFailure(error, stack, commandLine(this, 'bootstrap')) ?? error;
    }
  }

  /** Where to see, for each stack that Terraform works on, what becomes of it without this process. */
  whatGoesOn(): string[] {
    return [...this.running].map(([stack, logFile]) => {
      // `state where` knows no stack whose project is gone; a destroy does, and waits for its lock.
      const known = this.byName.has(stack);
      const look = known ? commandLine(this, 'state', 'where', stack) : commandLine(this, 'destroy', '--removed');
      const ended = known ? 'it has ended when this names no lock' : 'to go on when it has ended';
      return `${stack}: where this process ends before Terraform, as under Nx, Terraform goes on by itself; its log: ${logFile}; ${ended}: ${look}`;
    });
  }

  /** One call of Terraform, with a provider of its own. `reads` says that it changes nothing: it is tried again after a failure of the network. */
  async terraform(
    folder: string,
    stack: string,
    args: readonly string[],
    { reads = false, ok = [0], log = true }: { reads?: boolean; ok?: readonly number[]; log?: boolean } = {},
  ): Promise<TerraformResult> {
    const { signal, note } = this.options;
    const logFile = join(folder, 'terraform.log');
    const attempt = async () => {
      if (log) this.running.set(stack, logFile);
      const started = performance.now();
      const minutes = () => Math.round((performance.now() - started) / 60_000);
      const remind = () =>
        note?.(`${stack}: terraform ${args[0]} has run for ${minutes()} min${log ? `; its log: ${logFile}` : ''}`);
      const reminder = setInterval(remind, REMIND_MIN * 60_000);
      const result = await runTerraform({
        binary: this.binary,
        cwd: folder,
        args,
        environment: this.variables,
        // A plan holds a lock: it must have the time to release it.
        stop: 'interrupt',
        ...(log ? { logFile } : {}),
        ...(signal ? { signal } : {}),
      }).finally(() => {
        clearInterval(reminder);
        this.running.delete(stack);
      });
      if (log) noteEvents(folder, result);
      if (!ok.includes(result.exitCode))
        throw terraformFailure(result, {
          stack,
          unlockCommand: ({ id }) => commandLine(this, 'state', 'unlock', stack, id),
        });
      return result;
    };
    if (!reads) return attempt();
    return withRetries(attempt, {
      passes: (error) => error instanceof TerraformFailure && error.kind === 'network',
      onWait: (_, seconds) => note?.(`${stack}: an endpoint cannot be reached; trying again in ${seconds} s`),
      ...(signal ? { signal } : {}),
    });
  }
}

/** Adds what a call did to {@link eventsFile}. */
function noteEvents(folder: string, { args, exitCode, stdout }: TerraformResult): void {
  const lines = [...eventsOf(stdout), `${new Date().toISOString()}  terraform ${args[0]}  exit code ${exitCode}`];
  try {
    appendFileSync(join(folder, eventsFile), lines.map((line) => `${line}\n`).join(''));
  } catch {
    // A full disk must not make a failure of an apply that was none.
  }
}

/** Where live plans of an environment lie by default. */
export function liveFolderOf(root: string, target: string, environment: string): string {
  return join(root, 'dist', 'live', target, environment);
}

function readConfiguration(synthesised: string, stack: string): Configuration {
  return JSON.parse(readFileSync(join(synthesised, 'stacks', stack, 'cdk.tf.json'), 'utf8')) as Configuration;
}
