import { WrongUse } from '@platform/libs/settings/problem';
import { apiName } from '@platform/libs/settings/physical-names';
import { observe } from '@platform/tools/actions/failover/observe';
import { statusText } from '@platform/tools/actions/failover/text';
import { findGameDays } from '@platform/tools/actions/gameday/find-game-days';
import type { GameDay } from '@platform/tools/actions/gameday/game-day';
import { runGameDay, unsteady } from '@platform/tools/actions/gameday/run-game-day';
import { alarmsInAlarm } from '@platform/tools/actions/gameday/stop-alarms';
import { writeEvidence } from '@platform/tools/actions/gameday/write-evidence';
import type { GameDayAction } from '@platform/tools/model/outage';
import { chooseTarget } from '@platform/tools/session/open-session';
import { table } from '@platform/tools/session/table';
import { findRoot } from '@platform/tools/workspace/find-root';
import { ask } from './ask';
import { secondsOf, stoppable, type LiveOptions } from './live-options';
import { print, talk } from './output';

export interface GameDayCommandOptions extends Omit<LiveOptions, 'target'> {
  readonly target?: LiveOptions['target'];
  /** Address that the prober reads. */
  readonly url?: string;
  /** Address that the prober writes to. */
  readonly writeUrl?: string;
  /** Seconds, as the command line gives them. */
  readonly limit?: string;
  /** Names of alarms that stop the rehearsal. */
  readonly stopAlarm?: readonly string[];
  /** Who agreed to rehearse in production. */
  readonly approvedBy?: string;
  readonly confirm?: string;
}

/** Lists rehearsals, shows what one would call, or makes it. Exit code 1 where its objective is broken or it was stopped. */
export async function gameDayCommand(
  action: GameDayAction,
  name: string | undefined,
  options: GameDayCommandOptions,
): Promise<number> {
  const root = findRoot();
  const all = findGameDays(root);
  if (action === 'list') {
    print(
      options.json
        ? JSON.stringify(
            all.map(({ name: each, title, path, loss }) => ({ name: each, title, path, loss })),
            null,
            2,
          )
        : table({
            head: ['name', 'path', 'loss', ''],
            rows: all.map((day) => [day.name, day.path, day.loss, day.title]),
          }),
    );
    return 0;
  }
  const gameDay = chosen(all, name);
  const environment = options.configuration || process.env['PLATFORM_ENVIRONMENT'];
  if (!environment)
    throw new WrongUse('-c: no environment is named; add -c <environment>, or set PLATFORM_ENVIRONMENT');
  if (!options.target) throw new WrongUse('--target: none is given; add --target aws or --target emulator');
  const { target } = options;
  const limitSec = secondsOf('--limit', options.limit);
  return stoppable(async (signal) => {
    const place = await chooseTarget({
      root,
      target,
      environment,
      ...(options.role ? { role: options.role } : {}),
      note: talk,
    });
    const context = { ...place, regions: place.estate.regions };
    const { rtoSec, rpoSec } = gameDay.hypothesis(context);
    const url =
      options.url ??
      gameDay.url?.(context) ??
      `https://${apiName(place.environment)}${place.environment.edge.healthCheck.path}`;
    if (action === 'plan') {
      const before = await observe(context);
      const acts = await gameDay.acts({ context, before });
      print(
        [
          statusText(before),
          '',
          `${gameDay.name}: ${gameDay.title}`,
          ...(gameDay.measures === 'recovery'
            ? [
                `hypothesis: it recovers within ${rtoSec} s, writes of ${rpoSec} s at most are missing`,
                'measured by the calls; nothing is asked from outside',
              ]
            : [
                `hypothesis: requests fail for ${rtoSec} s at most, writes of ${rpoSec} s at most are lost`,
                `measured at ${url}${options.writeUrl ? `, written to ${options.writeUrl}` : '; nothing is written, so no loss is measured'}`,
              ]),
          ...acts.map(({ call }, index) => `  ${index + 1}. ${call}`),
          ...[...acts].reverse().flatMap(({ undo }) => (undo ? [`  back: ${undo.call}`] : [])),
          ...unsteady(before).map((problem) => `BLOCKED: ${problem}`),
        ].join('\n'),
      );
      return unsteady(before).length > 0 ? 1 : 0;
    }
    if (target === 'aws' && place.environment.profile !== 'development' && !options.approvedBy) {
      throw new WrongUse(
        `${environment}: a rehearsal there takes real requests away; add --approved-by with who agreed, such as a ticket`,
      );
    }
    const typed =
      options.confirm ?? (await ask(`Type ${environment} to rehearse ${gameDay.name} on ${target}: `, signal));
    if (typed !== environment) {
      talk(`nothing was called; without a terminal, add --confirm ${environment}`);
      return 1;
    }
    const stopAlarms = options.stopAlarm ?? [];
    const result = await runGameDay(context, gameDay, {
      prober: { url, ...(options.writeUrl ? { writeUrl: options.writeUrl } : {}) },
      ...(limitSec === undefined ? {} : { limitSec }),
      ...(stopAlarms.length > 0 ? { stopWhen: () => alarmsInAlarm(context, stopAlarms) } : {}),
      signal,
      note: talk,
    });
    for (const problem of result.problems) talk(problem);
    const files = writeEvidence(gameDay, result, {
      root,
      environment,
      target,
      ...(options.approvedBy ? { approvedBy: options.approvedBy } : {}),
    });
    print(options.json ? JSON.stringify({ ...result, files }, null, 2) : summary(result, gameDay.measures, files));
    return result.verdict === 'held' ? 0 : 1;
  });
}

function chosen(all: readonly GameDay[], name: string | undefined): GameDay {
  const names = all.map((day) => day.name).join(', ');
  if (name === undefined) throw new WrongUse(`name: no rehearsal is named; use one of ${names}`);
  const found = all.find((day) => day.name === name);
  if (!found) throw new WrongUse(`name: there is no rehearsal "${name}"; use one of ${names}`);
  return found;
}

type Result = Awaited<ReturnType<typeof runGameDay>>;

function summary(
  { name, verdict, hypothesis, rtoSec, rpoSec, requests, failed }: Result,
  measures: GameDay['measures'],
  files: readonly string[],
): string {
  const measured =
    rtoSec === undefined
      ? []
      : [
          measures === 'recovery'
            ? `recovered after ${rtoSec.toFixed(1)} s (objective ${hypothesis.rtoSec} s)`
            : `requests failed for ${rtoSec.toFixed(1)} s (objective ${hypothesis.rtoSec} s): ${failed} of ${requests}`,
          ...(rpoSec === undefined
            ? []
            : [`writes of ${rpoSec.toFixed(1)} s were lost (objective ${hypothesis.rpoSec} s)`]),
        ];
  return [`${name}: ${verdict}`, ...measured, ...files].join('\n');
}
