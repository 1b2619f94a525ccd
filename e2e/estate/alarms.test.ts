import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { containerReleases, otherChoices, settingsVariants } from '@platform/e2e/fixtures/settings-variants';
import { publishedMetrics } from '@platform/libs/observability/metrics';
import { watchedTypes } from '@platform/libs/observability/watched-types';
import { adoptionLevels, type AdoptionLevel } from '@platform/libs/settings/adoption';
import type { EnvironmentSettings, OrganisationSettings } from '@platform/libs/settings/organisation';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { dashboardsOf, metricsOfBody, problemsOfBody } from './dashboards';
import {
  entryOf,
  metricsOf,
  unwatchedIn,
  withoutEachAlarm,
  type AlarmJson,
  type Estate,
  type StackJson,
} from './estate-alarms';

const root = useExampleWorkspace();
const estate = loadEstate(root);
const outdir = mkdtempSync(join(tmpdir(), 'alarms-'));
afterAll(() => rmSync(outdir, { recursive: true }));
jest.setTimeout(180_000);

interface Group {
  readonly name: string;
  readonly enabled_metrics?: readonly string[];
}

function withEnvironment(
  name: string,
  settings: OrganisationSettings,
  change: (environment: EnvironmentSettings) => EnvironmentSettings,
): OrganisationSettings {
  const { environments } = settings;
  return { ...settings, environments: { ...environments, [name]: change(environments[name]!) } };
}

function stacksOf(settings: OrganisationSettings, level: AdoptionLevel, environment?: string): Estate {
  const { stacks } = synthesise({
    root,
    estate: { ...estate, settings },
    outdir,
    ...(environment ? { environment } : {}),
    whatIf: { level, mode: 'active-passive' },
  });
  const read = (stack: string) => readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8');
  return new Map(stacks.map(({ stack }) => [stack, JSON.parse(read(stack)) as StackJson]));
}

const treatments = { idle: 'notBreaching', lost: 'breaching', kept: 'ignore' } as const;

/** Problems of one alarm: metrics and dimensions that AWS does not publish, and data whose absence is treated wrongly. */
function problemsOf(alarm: AlarmJson, groups: readonly Group[]): string[] {
  const metrics = metricsOf(alarm);
  const treated = new Set(metrics.map((metric) => treatments[entryOf(metric)?.withoutData ?? 'idle']));
  return [
    ...metrics.flatMap((metric) => {
      const names = Object.keys(metric.dimensions ?? {}).sort();
      const entry = entryOf(metric);
      if (!entry) return [`${metric.namespace} ${metric.metric_name} is not in libs/observability/metrics.ts`];
      if (!entry.dimensions.some((known) => known.join() === names.join())) {
        return [`${metric.namespace} ${metric.metric_name} is not published by ${names.join(', ')}: ${entry.source}`];
      }
      if (metric.namespace !== 'AWS/AutoScaling') return [];
      return groups.some(({ enabled_metrics }) => !enabled_metrics?.includes(metric.metric_name))
        ? [`${metric.metric_name} is not among the enabled metrics of its group`]
        : [];
    }),
    // An expression decides by itself what missing data of its metrics mean.
    ...(alarm.metric_query || treated.has(alarm.treat_missing_data as 'breaching')
      ? []
      : [`treats missing data as ${alarm.treat_missing_data}, and should as ${[...treated].join()}`]),
    ...(alarm.treat_missing_data ? [] : ['does not say how it treats missing data']),
  ];
}

const [, complete] = settingsVariants(estate.settings);
const everything = withEnvironment('prod', complete!, (prod) => ({
  ...prod,
  externalAttachments: [
    {
      name: 'acme',
      account: '999999999999',
      region: 'us',
      segment: 'partner',
      cidr: '172.16.0.0/24',
      attachmentId: 'tgw-attach-00000000000000001',
    },
  ],
  privateLink: {
    ...prod.privateLink,
    partners: {
      acme: {
        serviceNames: { us: 'com.amazonaws.vpce.us-east-1.vpce-svc-00000000000000001' },
        ports: [443],
        privateDns: 'off',
      },
    },
  },
}));
const cases = [
  ...adoptionLevels.map((level) => [level, 'everything on', everything, 'prod'] as const),
  ['inspected', 'the other choices', otherChoices(estate.settings), 'prod'] as const,
  ['inspected', 'containers', containerReleases(estate.settings), 'prod'] as const,
  ['accelerated', 'as they are', estate.settings, 'staging'] as const,
];
const estates = new Map<string, Estate>();

describe.each(cases)('at %s, %s', (level, title, settings, environment) => {
  let stacks: Estate;
  beforeAll(() => {
    stacks = stacksOf(settings, level, environment);
    estates.set(`${level} ${title}`, stacks);
  });

  test('every alarm is on a metric that AWS publishes', () => {
    const problems = [...stacks].flatMap(([stack, { resource = {} }]) => {
      const groups = Object.values(resource['aws_autoscaling_group'] ?? {}) as unknown as Group[];
      return Object.entries(resource['aws_cloudwatch_metric_alarm'] ?? {}).flatMap(([name, alarm]) =>
        problemsOf(alarm as unknown as AlarmJson, groups).map((problem) => `${stack} ${name}: ${problem}`),
      );
    });
    expect(problems).toEqual([]);
  });

  test('everything that carries traffic or data has its alarms or a written reason', () => {
    expect(unwatchedIn(stacks)).toEqual([]);
  });

  test('every dashboard has a body that CloudWatch accepts, on metrics that AWS publishes', () => {
    const problems = dashboardsOf(stacks).flatMap(({ address, body }) => [
      ...problemsOfBody(body).map((problem) => `${address}: ${problem}`),
      ...metricsOfBody(body).flatMap(({ metric, awsRegion }) => {
        const entry = entryOf(metric);
        const what = `${address}: ${metric.namespace} ${metric.metric_name}`;
        if (!entry) return [`${what} is not in libs/observability/metrics.ts`];
        const names = Object.keys(metric.dimensions!).sort().join();
        if (!entry.dimensions.some((known) => known.join() === names)) return [`${what} is not published by ${names}`];
        return entry.onlyIn && entry.onlyIn !== awsRegion ? [`${what} is in ${entry.onlyIn}, not in ${awsRegion}`] : [];
      }),
    ]);
    expect(problems).toEqual([]);
  });

  test('without any one alarm, what it watched is named', () => {
    const unnoticed = [...withoutEachAlarm(stacks)].filter(({ estate: less }) => unwatchedIn(less).length === 0);
    expect(unnoticed.map(({ removed }) => removed)).toEqual([]);
  });
});

test('no entry is left of an alarm or a type that is gone', () => {
  const all = [...estates.values()].flatMap((stacks) => [...stacks.values()]);
  const alarms = all.flatMap(({ resource }) =>
    Object.values(resource?.['aws_cloudwatch_metric_alarm'] ?? {}),
  ) as unknown as AlarmJson[];
  const shown = [...estates.values()].flatMap(dashboardsOf).flatMap(({ body }) => metricsOfBody(body));
  const used = new Set(
    [...alarms.flatMap(metricsOf), ...shown.map(({ metric }) => metric)].map(
      ({ namespace, metric_name }) => `${namespace} ${metric_name}`,
    ),
  );
  const listed = publishedMetrics.flatMap(({ namespace, names }) => names.map((name) => `${namespace} ${name}`));
  expect([...used].sort()).toEqual(listed.sort());
  const types = new Set(all.flatMap(({ resource = {} }) => Object.keys(resource)));
  expect(Object.keys(watchedTypes).filter((type) => !types.has(type))).toEqual([]);
});
