import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { withRetries } from '@platform/tools/aws/with-retries';
import { eventsOf } from '@platform/tools/terraform/events';
import { terraformFailure, TerraformFailure } from '@platform/tools/terraform/failure';
import type { TerraformBinary } from '@platform/tools/terraform/find-terraform';
import { runTerraform, type TerraformResult } from '@platform/tools/terraform/run-terraform';
import { commandLine, type CommandPlace } from './plan-command-for';
import type { LiveSessionOptions } from './session-options';
import type { SynthesisedStacks } from './synthesised-stacks';

/** Some of AWS takes as long to make, and an endpoint that has frozen lets Terraform wait for ever. */
const REMIND_MIN = 10;

/** Beside the log in a stack's folder: what Terraform did, without any value. Of all in the folder, only this may be published. */
export const eventsFile = 'events.log';

export interface TerraformRunOptions {
  /** It changes nothing: it is tried again after a failure of the network. Default false. */
  readonly reads?: boolean;
  /** Exit codes that are no failure. Default 0. */
  readonly ok?: readonly number[];
  /** Whether the folder's log gets what it prints. Default true. */
  readonly log?: boolean;
}

/** Terraform in the folders of stacks. None of these calls ever uses a shared provider. */
export class TerraformRuns {
  /** Stacks that Terraform works on at this moment, with its logs. */
  private readonly running = new Map<string, string>();

  constructor(
    readonly binary: TerraformBinary,
    /** What Terraform gets as its environment. */
    readonly variables: NodeJS.ProcessEnv,
    private readonly options: CommandPlace['options'] & Pick<LiveSessionOptions, 'note' | 'signal'>,
    private readonly stacks: Pick<SynthesisedStacks, 'has'>,
  ) {}

  /** Where to see, for each stack that Terraform works on, what becomes of it without this process. */
  whatGoesOn(): string[] {
    return [...this.running].map(([stack, logFile]) => {
      // `state where` knows no stack whose project is gone; a destroy does, and waits for its lock.
      const known = this.stacks.has(stack);
      const look = known
        ? commandLine({ options: this.options }, 'state', 'where', stack)
        : commandLine({ options: this.options }, 'destroy', '--removed');
      const ended = known ? 'it has ended when this names no lock' : 'to go on when it has ended';
      return `${stack}: where this process ends before Terraform, as under Nx, Terraform goes on by itself; its log: ${logFile}; ${ended}: ${look}`;
    });
  }

  /** One call of Terraform, with a provider of its own. */
  async run(
    folder: string,
    stack: string,
    args: readonly string[],
    { reads = false, ok = [0], log = true }: TerraformRunOptions = {},
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
      if (!ok.includes(result.exitCode)) {
        throw terraformFailure(result, {
          stack,
          unlockCommand: ({ id }) => commandLine({ options: this.options }, 'state', 'unlock', stack, id),
        });
      }
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
