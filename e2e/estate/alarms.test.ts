import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { otherChoices, settingsVariants } from '@platform/e2e/fixtures/settings-variants';
import { publishedMetrics, type PublishedMetric } from '@platform/libs/observability/metrics';
import { adoptionLevels, type AdoptionLevel } from '@platform/libs/settings/adoption';
import type { OrganisationSettings } from '@platform/libs/settings/organisation';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';

const root = useExampleWorkspace();
const estate = loadEstate(root);
const outdir = mkdtempSync(join(tmpdir(), 'alarms-'));
afterAll(() => rmSync(outdir, { recursive: true }));
jest.setTimeout(180_000);

interface Metric {
  readonly namespace: string;
  readonly metric_name: string;
  readonly dimensions?: Readonly<Record<string, string>>;
}
interface Alarm extends Partial<Metric> {
  readonly metric_query?: readonly { readonly metric?: Metric }[];
  readonly treat_missing_data?: 'breaching' | 'notBreaching' | 'ignore';
  readonly threshold: number;
}
interface Group {
  readonly name: string;
  readonly enabled_metrics?: readonly string[];
}
interface Stack {
  readonly resource?: {
    readonly aws_cloudwatch_metric_alarm?: Readonly<Record<string, Alarm>>;
    readonly aws_autoscaling_group?: Readonly<Record<string, Group>>;
  };
}

function stacksOf(settings: OrganisationSettings, level: AdoptionLevel): Map<string, Stack> {
  const { stacks } = synthesise({
    root,
    estate: { ...estate, settings },
    outdir,
    whatIf: { level, mode: 'active-passive' },
  });
  const read = (stack: string) => readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8');
  return new Map(stacks.map(({ stack }) => [stack, JSON.parse(read(stack)) as Stack]));
}

const metricsOf = (alarm: Alarm): Metric[] =>
  alarm.metric_query ? alarm.metric_query.flatMap(({ metric }) => metric ?? []) : [alarm as Metric];

const entryOf = ({ namespace, metric_name }: Metric): PublishedMetric | undefined =>
  publishedMetrics.find((each) => each.namespace === namespace && each.names.includes(metric_name));

const treatments = { idle: 'notBreaching', lost: 'breaching', kept: 'ignore' } as const;

/** Problems of one alarm: metrics and dimensions that AWS does not publish, and data whose absence is treated wrongly. */
function problemsOf(alarm: Alarm, groups: readonly Group[]): string[] {
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
    ...(alarm.metric_query || treated.has(alarm.treat_missing_data!)
      ? []
      : [`treats missing data as ${alarm.treat_missing_data}, and should as ${[...treated].join()}`]),
    ...(alarm.treat_missing_data ? [] : ['does not say how it treats missing data']),
  ];
}

const [, everything] = settingsVariants(estate.settings);
const used = new Set<string>();

test.each([
  ...adoptionLevels.map((level) => [level, 'everything on', everything!] as const),
  ['inspected', 'the other choices', otherChoices(estate.settings)] as const,
])('every alarm at %s, %s, is on a metric that AWS publishes', (level, _, settings) => {
  const problems = [...stacksOf(settings, level)].flatMap(([stack, { resource = {} }]) => {
    const groups = Object.values(resource.aws_autoscaling_group ?? {});
    return Object.entries(resource.aws_cloudwatch_metric_alarm ?? {}).flatMap(([name, alarm]) => {
      for (const { namespace, metric_name } of metricsOf(alarm)) used.add(`${namespace} ${metric_name}`);
      return problemsOf(alarm, groups).map((problem) => `${stack} ${name}: ${problem}`);
    });
  });
  expect(problems).toEqual([]);
});

test('no entry is left of an alarm that is gone', () => {
  const listed = publishedMetrics.flatMap(({ namespace, names }) => names.map((name) => `${namespace} ${name}`));
  expect([...used].sort()).toEqual(listed.sort());
});
