import { mainApplication } from '@platform/libs/settings/physical-names';
import {
  releaseApplication,
  type RegionRelease,
  type ReleaseResult,
} from '@platform/tools/actions/release/release-application';
import type { ReleaseVerb } from '@platform/tools/actions/release/release-verbs';
import { table } from '@platform/tools/session/table';
import { inSession, secondsOf, type LiveOptions } from './live-options';
import { print, talk } from './output';

export interface ReleaseCommandOptions extends LiveOptions {
  /** Seconds, as the command line gives them. */
  readonly wait?: string;
  readonly dryRun?: boolean;
}

/** Shows or moves where a release stands. Fails where alarms rang and the requests went back. */
export async function releaseCommand(
  verb: ReleaseVerb,
  application: string = mainApplication,
  options: ReleaseCommandOptions,
): Promise<number> {
  const waitSec = secondsOf('--wait', options.wait);
  const { dryRun = false } = options;
  return inSession({ ...options, effect: verb === 'status' || dryRun ? 'reads' : 'changes' }, async (session) => {
    const result = await releaseApplication(session, verb, {
      application,
      dryRun,
      ...(waitSec === undefined ? {} : { waitSec }),
    });
    if (options.json) print(JSON.stringify(result, null, 2));
    else print(report(result, dryRun));
    if (result.rang === undefined) return 0;
    talk(`went back: ${result.rang}`);
    return 1;
  });
}

function report({ regions, moves }: ReleaseResult, dryRun: boolean): string {
  const rows = regions.map((each) => [
    each.region,
    ...(['blue', 'green'] as const).map((colour) => `${percentOf(each, colour)} %`),
    ...(['blue', 'green'] as const).map((colour) =>
      Object.entries(each.targets[colour])
        .map(([state, count]) => `${count} ${state}`)
        .join(', '),
    ),
  ]);
  const uneven = regions.filter(({ greenPercents }) => greenPercents.length > 1).map(({ region }) => region);
  return [
    ...(dryRun ? moves : []),
    table({ head: ['region', 'blue', 'green', 'targets of blue', 'targets of green'], rows }),
    ...(uneven.length > 0
      ? [`${uneven.join(', ')}: a command stopped between two rules; run step to complete the step, or back`]
      : []),
  ].join('\n');
}

function percentOf({ greenPercents }: RegionRelease, colour: 'blue' | 'green'): string {
  return greenPercents.map((percent) => (colour === 'green' ? percent : 100 - percent)).join(' and ');
}
