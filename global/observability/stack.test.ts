import infra from '@platform/infra.config';
import { adoptionLevels, includesLevel } from '@platform/libs/settings/adoption';
import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { regions } from '@platform/shared/regions';
import { contract } from './contract';
import { ObservabilityStack } from './stack';

const [first] = Object.keys(infra.environments) as [string];
const { accounts } = exampleEnvironment();
const synth = (whatIf: Parameters<typeof selectEnvironment>[2] = {}, other: Partial<Environment> = {}) =>
  synthStack((app) => new ObservabilityStack(app, { ...selectEnvironment(infra, first, whatIf), accounts, ...other }));
const bodyOf = (stack: ReturnType<typeof synth>, name: string) =>
  stack.resource('aws_cloudwatch_dashboard', `${name}/Dashboard`).dashboard_body as string;

test.each(adoptionLevels)('at %s the edge shows what the level has', (level) => {
  const stack = synth({ level });
  expect(Object.keys(stack.outputs())).toEqual(Object.keys(contract.fields));
  const edge = bodyOf(stack, 'Edge');
  expect(edge).toContain('HealthCheckStatus');
  expect(edge.includes('AWS/CloudFront')).toBe(includesLevel(level, 'origin-failover'));
  expect(edge.includes('AWS/GlobalAccelerator')).toBe(includesLevel(level, 'accelerated'));
});

test('every region has its requests, latency and fleets, read from that region', () => {
  const body = bodyOf(synth(), 'Regions').replaceAll(/\$\{[^}]*\}/g, '');
  const { widgets } = JSON.parse(body) as { widgets: { properties: { title?: string; region: string } }[] };
  for (const title of ['Requests', 'Answers 5xx', 'Latency', 'Instances in service']) {
    const shown = widgets.filter(({ properties }) => properties.title === title);
    expect(shown.map(({ properties }) => properties.region)).toEqual(regions.map(({ awsRegion }) => awsRegion));
  }
});

test('each dashboard is in the account of its metrics', () => {
  const stack = synth();
  expect(stack.resource('aws_cloudwatch_dashboard', 'Edge/Dashboard').provider).toBe('aws.edge');
  expect(stack.resource('aws_cloudwatch_dashboard', 'Regions/Dashboard').provider).toBeUndefined();
  const alone = synth({}, { accounts: { ...accounts, edge: accounts.workload } });
  expect(alone.providers()).toHaveLength(1);
});
