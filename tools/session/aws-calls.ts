import { callersFailure } from '@platform/tools/aws/callers-failure';
import { limitedWait, NoAnswer } from '@platform/tools/aws/limited-wait';
import { LostBuckets } from '@platform/tools/aws/lost-buckets';
import { withRetries } from '@platform/tools/aws/with-retries';
import { commandLine, type CommandPlace } from './plan-command-for';
import type { LiveSessionOptions } from './session-options';

/** How the calls of the SDK in one run are repeated, limited in time and reported. */
export class AwsCalls {
  private readonly lost = new LostBuckets((error) => callersFailure(error, '')?.kind === 'network');

  constructor(
    private readonly options: CommandPlace['options'] & Pick<LiveSessionOptions, 'callTimeoutSec' | 'note' | 'signal'>,
  ) {}

  /**
   * Makes a call of the SDK that changes nothing or may be repeated: again after a failure of the network.
   * @param bucket what is called, where that is a bucket of states: one that does not answer is repeated once per run
   */
  async make<T>(stack: string, call: () => Promise<T>, bucket?: string): Promise<T> {
    const { signal, note, callTimeoutSec = 300 } = this.options;
    const repeat = (again: () => Promise<T>, limit: AbortSignal) =>
      withRetries(again, {
        passes: (error) => callersFailure(error, stack)?.kind === 'network',
        onWait: (error, seconds) =>
          note?.(
            `${bucket ?? stack}: ${(error as Error).message || (error as { code?: string }).code}; trying again in ${seconds} s`,
          ),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
    try {
      return await limitedWait(
        (limit) =>
          bucket === undefined ? repeat(call, limit) : this.lost.ask(bucket, call, (again) => repeat(again, limit)),
        {
          limitSec: callTimeoutSec,
          onMinute: (minutes) => note?.(`${bucket ?? stack}: no answer for ${minutes} min`),
        },
      );
    } catch (error) {
      if (bucket !== undefined && error instanceof NoAnswer) this.lost.remember(bucket, error);
      throw callersFailure(error, stack, commandLine({ options: this.options }, 'bootstrap')) ?? error;
    }
  }
}
