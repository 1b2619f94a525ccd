import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';
import { coverageOf, coverageTable, faultList } from '@platform/tools/actions/demo/coverage';
import { runDemo } from '@platform/tools/actions/demo/demo';
import { findEmulator } from '@platform/tools/emulator/find-emulator';
import type { EmulatorProfile } from '@platform/tools/emulator/profile';
import { startEmulator } from '@platform/tools/emulator/start-emulator';
import { openSession } from '@platform/tools/session/open-session';
import { table } from '@platform/tools/session/table';
import { loadSettings } from '@platform/tools/workspace/load-estate';
import { findRoot } from '@platform/tools/workspace/find-root';
import { liveProgress, stoppable } from './live-options';
import { print, talk } from './output';

export interface DemoCommandOptions {
  readonly configuration?: string;
  readonly profile?: EmulatorProfile;
  readonly all?: boolean;
}

/** Default stacks of the demo: enough to see every step within minutes. */
const usualProjects = ['region-us/vpc', 'region-ap/vpc', 'global/zone', 'global/data'];

/** More than small machines have processors: most of the time an apply waits. */
const WORKERS = 3;

/**
 * Shows the life of an estate on an emulator: the one at `AWS_ENDPOINT_URL`, else one of its own that ends with it. It
 * works in a folder of its own, so that neither the checkout nor what lies in `dist` knows of it.
 */
export function demoCommand(projects: string[], options: DemoCommandOptions): Promise<number> {
  if (options.all && projects.length > 0)
    throw new WrongUse('demo: projects and --all are both given; give one of them');
  const root = findRoot();
  return stoppable(async (signal, atEnd) => {
    const folder = mkdtempSync(join(tmpdir(), 'platform-demo-'));
    atEnd(() => rmSync(folder, { recursive: true, force: true }));
    const given = process.env['AWS_ENDPOINT_URL'];
    if (given && options.profile) {
      throw new WrongUse(
        'demo: --profile starts an emulator, and AWS_ENDPOINT_URL names a running one; give one of them',
      );
    }
    const started = performance.now();
    const own = given
      ? undefined
      : await startEmulator({ root, profile: options.profile ?? 'moto', install: true, note: talk });
    if (own) atEnd(() => own.stop());
    const emulator = own ?? (await findEmulator(root));
    const environment = options.configuration ?? disposableEnvironment(root);
    talk(
      `${own ? 'new emulator' : 'emulator of AWS_ENDPOINT_URL'}, ${emulator.profile} at ${emulator.endpoint}; environment ${environment}`,
    );
    const session = await openSession({
      root,
      target: 'emulator',
      environment,
      emulator,
      folder,
      workers: WORKERS,
      note: talk,
      signal,
    });
    atEnd(() => session.close());
    let ended = false;
    atEnd(() => {
      if (!own && !ended) talk(leftBehind(emulator.endpoint, environment));
    });

    const chosen = options.all ? [] : projects.length > 0 ? projects : usualProjects;
    const opened = (performance.now() - started) / 1000;
    const { fine, steps } = await runDemo({ session, projects: chosen, progress: liveProgress(), print, note: talk });
    ended = fine;

    talk('\nWhat this emulator supports of the whole estate');
    print(
      coverageTable(
        coverageOf(
          session,
          session.stacks.all.map(({ stack }) => stack),
        ),
      ),
    );
    print(faultList(emulator.profile));
    const times = [{ step: 'Start, and synth of the whole estate', seconds: opened }, ...steps];
    print(
      table({
        head: ['step', 'seconds'],
        rows: times.map(({ step, seconds }) => [step, seconds.toFixed(1)]),
        numbers: [1],
      }),
    );
    talk(
      own
        ? 'the emulator is stopped; nothing that it held remains'
        : `the state buckets remain at ${emulator.endpoint}; all other resources are destroyed`,
    );
    return fine ? 0 : 1;
  });
}

/** The first environment whose settings protect nothing from deletion, else the last: a demo ends with a destroy. */
function disposableEnvironment(root: string): string {
  const { environments } = loadSettings(root).settings;
  const names = Object.keys(environments);
  const isDisposable = (name: string) => !JSON.stringify(environments[name]).includes('"protection":"protected"');
  return names.find(isDisposable) ?? names.at(-1)!;
}

const leftBehind = (endpoint: string, environment: string) =>
  `the resources remain at ${endpoint}; to destroy them: AWS_ENDPOINT_URL=${endpoint} npx platform destroy --target emulator -c ${environment} --confirm ${environment} --include-stateful`;
