import type { Problem } from './problem';
import { furtherApplications, mainApplication } from './physical-names';
import { byDefault, byProfile, either, named, number, oneOf, section, whole, type Settings } from './schema';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';

/** What users do with an environment, by the name that objectives have. */
export const userPaths = ['site', 'apiReads', 'apiWrites', 'hybrid', 'orders'] as const;
export type UserPath = (typeof userPaths)[number];

/** A path of the main application, or requests to a further application: `app:shop`. */
export type PathName = UserPath | `app:${string}`;

/** Name of the path to a further application. */
export function applicationPath(application: string): PathName {
  return `app:${application}`;
}

/** What may be lost. */
export const losses = ['instance', 'zone', 'region'] as const;
export type Loss = (typeof losses)[number];

const aYear = 31_536_000;

const loss = (is: string) =>
  section(is, {
    rtoSec: whole({ is: 'How long until the path works again.', unit: 's', from: 0, to: aYear }),
    rpoSec: whole({ is: 'Writes of how long may be lost.', unit: 's', from: 0, to: aYear }),
  });

const objectiveSchema = section('What the path must hold.', {
  availabilityPercent: number({ is: 'Share of a month in which the path works.', unit: '%', from: 0, to: 100 }),
  latencyMs: whole({
    is: 'How long 95 of 100 answers take at most. Compared with measurements only: nothing else tells it.',
    unit: 'ms',
    from: 1,
    to: 60_000,
  }),
  instance: loss('When an instance, or one of several connections, is lost.'),
  zone: loss('When an availability zone is lost.'),
  region: loss('When a region is lost.'),
});
/** What one user path must hold. */
export type Objective = Settings<typeof objectiveSchema>;

type WrittenObjective = {
  readonly [Key in keyof Objective]: Objective[Key];
};

function path(is: string, production: WrittenObjective) {
  return byProfile(
    either({ is: `${is} \`none\`: no objective.` }, [oneOf(['none'], { is: 'No objective.' }), objectiveSchema]),
    { production, development: 'none' },
  );
}

const minutes = (count: number) => count * 60;

export const objectivesSchema = section(
  {
    is: 'What each user path must hold: `docs/resilience.md`. A change that breaks one is refused by the review.',
    applies: 'next `npx platform review` and `npx platform resilience`',
  },
  {
    site: path('Pages of `<domain>`.', {
      availabilityPercent: 99.7,
      latencyMs: 500,
      instance: { rtoSec: minutes(2), rpoSec: 0 },
      zone: { rtoSec: minutes(5), rpoSec: 0 },
      region: { rtoSec: minutes(10), rpoSec: minutes(15) },
    }),
    apiReads: path('Requests to `api.<domain>` that only read.', {
      availabilityPercent: 99.9,
      latencyMs: 500,
      instance: { rtoSec: minutes(2), rpoSec: 0 },
      zone: { rtoSec: minutes(5), rpoSec: 0 },
      region: { rtoSec: minutes(10), rpoSec: minutes(1) },
    }),
    apiWrites: path('Requests to `api.<domain>` that write to the database.', {
      availabilityPercent: 99.9,
      latencyMs: 500,
      instance: { rtoSec: minutes(2), rpoSec: 0 },
      zone: { rtoSec: minutes(5), rpoSec: 0 },
      region: { rtoSec: minutes(45), rpoSec: minutes(1) },
    }),
    hybrid: path('Requests from on-premises networks over Direct Connect and VPN.', {
      availabilityPercent: 99.8,
      latencyMs: 1000,
      instance: { rtoSec: minutes(2), rpoSec: 0 },
      zone: { rtoSec: minutes(5), rpoSec: 0 },
      region: { rtoSec: minutes(10), rpoSec: minutes(1) },
    }),
    orders: path('Messages: accepted by the API, queued, and kept in a table.', {
      availabilityPercent: 99.8,
      latencyMs: 1000,
      instance: { rtoSec: minutes(2), rpoSec: 0 },
      zone: { rtoSec: minutes(5), rpoSec: 0 },
      region: { rtoSec: minutes(45), rpoSec: minutes(15) },
    }),
    applications: byDefault(
      named(
        'What further applications must hold at `<name>.<domain>`, by name. One that is left out has no objective, and reports say so.',
        objectiveSchema,
      ),
      {},
    ),
    commonCausePercent: section(
      'Part of the failures of one region that other regions have with it: one release, one account, one global service.',
      {
        low: byDefault(
          number({ is: 'In the best case.', unit: '%', from: 0, to: 100 }),
          1,
          // https://fta-studio.pages.dev/glossary/beta-factor-ccf
          'What the β-factor method takes for parts that are separate and different.',
        ),
        high: byDefault(
          number({ is: 'In the worst case.', unit: '%', from: 0, to: 100, limits: 'at least `low`' }),
          10,
          'What it takes for equal parts that run the same software, as the regions do.',
        ),
      },
    ).prefault({}),
    traffic: section('Load that the prices of `npx platform levels` assume.', {
      requestsPerMonth: section('Requests of clients.', {
        low: byDefault(
          whole({ is: 'In a quiet month.', unit: 'requests per month', from: 0, to: 1_000_000_000_000 }),
          10_000_000,
        ),
        high: byDefault(
          whole({
            is: 'In a busy month.',
            unit: 'requests per month',
            from: 0,
            to: 1_000_000_000_000,
            limits: 'at least `low`',
          }),
          100_000_000,
        ),
      }).prefault({}),
      responseKb: byDefault(
        number({ is: 'Average size of an answer.', unit: 'KB', from: 0, to: 1_000_000 }),
        20,
        'A page or an answer of an API; measure yours.',
      ),
      apiPercent: byDefault(
        number({ is: 'Share of the requests that go to `api.<domain>`.', unit: '%', from: 0, to: 100 }),
        30,
      ),
    }).prefault({}),
    rehearsedWithinDays: byDefault(
      whole({
        is: 'How old the newest rehearsal of a path may be. The review of a change of the path notes an older one.',
        unit: 'days',
        from: 1,
        to: 3_650,
      }),
      180,
      'Twice a year: what a rehearsal has shown holds for the estate of that day.',
    ),
    outageMinutes: byDefault(
      whole({ is: 'Length of an outage of a region that a failover cuts short.', unit: 'min', from: 1, to: 10_080 }),
      240,
      // https://aws.amazon.com/message/41926/: 9:37 to 13:54.
      'S3 in us-east-1 was out for four hours on 2017-02-28.',
    ),
    decisionMinutes: byDefault(
      whole({
        is: 'How long people take until they start a recovery that does not start by itself.',
        unit: 'min',
        from: 0,
        to: 1_440,
      }),
      15,
      'Time to be called, to look, and to start the runbook.',
    ),
  },
);
/** Objectives of one environment, and what their figures assume. */
export type ObjectivesSettings = Settings<typeof objectivesSchema>;

/** The objective of a path; undefined where it has none. */
export function objectiveOf(objectives: ObjectivesSettings, path: PathName): Objective | undefined {
  const given = path.startsWith('app:')
    ? objectives.applications[path.slice('app:'.length)]
    : objectives[path as UserPath];
  return given === 'none' ? undefined : given;
}

/** Assumptions that contradict each other, and objectives of applications that are not there. */
export function checkObjectives(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([name, { objectives, applications }]) => {
    const { commonCausePercent, traffic } = objectives;
    const others = furtherApplications({ applications });
    const strange = Object.keys(objectives.applications).filter((each) => !others.includes(each));
    const ranges = Object.entries({ commonCausePercent, 'traffic.requestsPerMonth': traffic.requestsPerMonth })
      .filter(([, { low, high }]) => low > high)
      .map(([setting, { low, high }]) => ({
        where: inSettings(input, `environments.${name}.objectives.${setting}`),
        what: `${low} to ${high} is not a range`,
        remedy: 'write the smaller number as low',
      }));
    return [
      ...ranges,
      ...strange.map((each) => ({
        where: inSettings(input, `environments.${name}.objectives.applications.${each}`),
        what:
          each === mainApplication
            ? `"${each}" has the objectives site, apiReads, apiWrites, hybrid and orders`
            : `there is no further application "${each}"`,
        remedy: each === mainApplication ? 'remove it' : `use one of: ${others.join(', ') || 'none'}; or remove it`,
      })),
    ];
  });
}
