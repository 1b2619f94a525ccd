import type { ApplicationSettings } from '@platform/libs/settings/application';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { Application } from './application';

const [region] = exampleRegions;
const main = exampleEnvironment().applications['app']!;
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const container = (digit: string): ApplicationSettings['releases']['blue'] => ({
  runs: 'container',
  name: digit,
  image: '/unused',
  container: { digest: digest(digit), cpuUnits: 512, memoryMib: 1024 },
});
const instances = (name: string, runs: 'image' | 'artifact'): ApplicationSettings['releases']['blue'] => ({
  runs,
  name,
  image: { us: `ami-0123456789abcde${name}0`, ap: `ami-0123456789abcde${name}1` },
  ...(runs === 'artifact'
    ? {
        artifact: {
          buckets: { us: 'acme-us', ap: 'acme-ap' },
          key: `shop/${name}.tar.gz`,
          sha256: name.repeat(64),
          start: '/opt/app/shop',
        },
      }
    : {}),
});

function synth(shop: Partial<ApplicationSettings>) {
  const environment = exampleEnvironment({ applications: { app: main, shop: { ...main, ...shop } } });
  return synthConstruct(
    (stack) =>
      new Application(stack, 'Application', {
        environment,
        application: 'shop',
        region,
        accountId: '222222222222',
        network: {
          vpcId: 'vpc-1',
          cidr: '10.0.0.0/16',
          publicSubnetIds: ['subnet-p1', 'subnet-p2'],
          appSubnetIds: ['subnet-a1', 'subnet-a2'],
        },
        certificateArn: 'arn:certificate',
        dataStores: [
          { variables: {}, permissions: [{ sid: 'Tables', actions: ['dynamodb:GetItem'], resources: ['table'] }] },
        ],
      }),
    environment,
  );
}

describe('containers', () => {
  const arn = 'arn:aws:secretsmanager:us-east-1:222222222222:secret:key-AbCdEf';
  const stack = synth({
    releases: { blue: container('1'), green: container('2') },
    processor: 'x86_64',
    port: 9000,
    protocol: 'HTTP',
    variables: { MODE: 'quiet' },
    secrets: { KEY: { us: arn, ap: 'other' } },
  });
  const definitionOf = (colour: string) =>
    (
      JSON.parse(stack.resource('aws_ecs_task_definition', `${colour}/Task`).container_definitions as string) as Record<
        string,
        unknown
      >[]
    )[0]!;

  test('run on Fargate in every application subnet, without instances', () => {
    expect(stack.count('aws_autoscaling_group')).toBe(0);
    expect(stack.count('aws_launch_template')).toBe(0);
    expect(stack.resource('aws_ecs_service', 'Blue/Service')).toMatchObject({
      launch_type: 'FARGATE',
      desired_count: 3,
      network_configuration: { subnets: ['subnet-a1', 'subnet-a2'], assign_public_ip: false },
      deployment_circuit_breaker: { enable: true, rollback: true },
      lifecycle: { ignore_changes: ['desired_count'] },
    });
    expect(stack.resource('aws_ecs_task_definition', 'Blue/Task').runtime_platform).toMatchObject({
      cpu_architecture: 'X86_64',
    });
  });

  test('are the image of the region by digest, with variables, and secrets by ARN', () => {
    const blue = definitionOf('Blue');
    expect(blue['image']).toBe(`222222222222.dkr.ecr.us-east-1.amazonaws.com/prod-shop@${digest('1')}`);
    expect(blue['environment']).toEqual(
      expect.arrayContaining([
        { name: 'MODE', value: 'quiet' },
        { name: 'PORT', value: '9000' },
      ]),
    );
    expect(blue['secrets']).toEqual([{ name: 'KEY', valueFrom: arn }]);
    expect(JSON.stringify(blue)).toContain('awslogs-group');
  });

  test('are behind the same weights as fleets: a target group of addresses each', () => {
    for (const colour of ['Blue', 'Green']) {
      expect(stack.resource('aws_lb_target_group', `Balancer/${colour}`)).toMatchObject({
        target_type: 'ip',
        port: 9000,
        protocol: 'HTTP',
      });
    }
    const { target_group: groups } = stack.resource('aws_lb_listener', 'Https').default_action[0].forward;
    expect(groups.map(({ weight }: { weight: number }) => weight)).toEqual([100, 0]);
    // The colour with all requests answers for the other one, as fleets do.
    expect(stack.resource('aws_ecs_service', 'Blue/Service').load_balancer).toHaveLength(2);
  });

  test('the role that starts tasks may pull one repository and read the named secret, tasks may do what is used', () => {
    const actionsOf = (id: string) =>
      (
        JSON.parse(stack.resource('aws_iam_role_policy', id).policy as string) as {
          Statement: { Action: string[]; Resource: string[] }[];
        }
      ).Statement;
    const start = actionsOf('ExecutionPolicy');
    expect(start.find(({ Action }) => Action.includes('ecr:BatchGetImage'))!.Resource).toEqual([
      'arn:aws:ecr:us-east-1:222222222222:repository/prod-shop',
    ]);
    expect(start.find(({ Action }) => Action.includes('secretsmanager:GetSecretValue'))!.Resource).toEqual([arn]);
    expect(actionsOf('TaskPolicy').flatMap(({ Action }) => Action)).toContain('dynamodb:GetItem');
    expect(JSON.stringify(actionsOf('TaskPolicy'))).not.toMatch(/ecr:|secretsmanager:/);
  });

  test('scale with CPU and requests, and have alarms on health and number', () => {
    const blue = stack.resource('aws_appautoscaling_target', 'Blue/Capacity');
    expect(blue).toMatchObject({ min_capacity: 3, max_capacity: 24 });
    const names = stack.resources('aws_cloudwatch_metric_alarm').map(({ alarm_name: name }) => name as string);
    expect(names).toEqual(
      expect.arrayContaining(['prod-shop-blue-unhealthy', 'prod-shop-blue-missing', 'prod-shop-blue-at-limit']),
    );
  });
});

/** Fleets and services of a colour, with everything below them. */
const ofColour = (stack: ReturnType<typeof synth>, colour: string) =>
  Object.fromEntries(
    stack
      .addresses()
      .filter((address) => address.includes(`_Fleets_${colour}_`))
      .map((address) => {
        const [type, name] = address.split('.') as [string, string];
        return [address, stack.json.resource![type]![name]];
      }),
  );

test.each([
  ['containers', container('1'), container('2'), container('3')],
  ['archives', instances('1', 'artifact'), instances('2', 'artifact'), instances('3', 'artifact')],
  ['images', instances('1', 'image'), instances('2', 'image'), instances('3', 'image')],
] as const)('another release of green changes nothing of blue: %s', (_, blue, green, next) => {
  const [before, after] = [green, next].map((each) =>
    synth({ idleColour: 'running', releases: { blue, green: each } }),
  );
  expect(Object.keys(ofColour(before!, 'Blue')).length).toBeGreaterThan(2);
  expect(ofColour(after!, 'Blue')).toEqual(ofColour(before!, 'Blue'));
  expect(ofColour(after!, 'Green')).not.toEqual(ofColour(before!, 'Green'));
});

test('instances of a release may fetch its archives and read the ARNs of the secrets', () => {
  const stack = synth({
    releases: { blue: instances('1', 'artifact'), green: instances('2', 'image') },
    secrets: { KEY: { us: 'arn:aws:secretsmanager:us-east-1:2:secret:k', ap: 'x' } },
  });
  const policy = stack.resource('aws_iam_role_policy', 'Role/Policy').policy as string;
  expect(policy).toContain('arn:aws:s3:::acme-us/shop/1.tar.gz');
  expect(policy).not.toContain('shop/2.tar.gz');
  expect(policy).toContain('secretsmanager:GetSecretValue');
  const locals = JSON.stringify((stack.json as { readonly locals?: object }).locals);
  expect(locals).toContain('KEY_ARN=arn:aws:secretsmanager:us-east-1:2:secret:k');
  expect(locals).not.toContain('service.py');
});

describe('weights by command', () => {
  const byCommand = (level: 'standby' | 'local-reads') => {
    const shop = { ...main, weights: 'by-command', idleColour: 'running' } as const;
    const environment = exampleEnvironment({ level, applications: { app: shop } });
    return synthConstruct(
      (stack) =>
        new Application(stack, 'Application', {
          environment,
          application: 'app',
          region,
          accountId: '222222222222',
          network: { vpcId: 'vpc-1', cidr: '10.0.0.0/16', publicSubnetIds: ['subnet-p1'], appSubnetIds: ['subnet-a1'] },
          certificateArn: 'arn:certificate',
          dataStores: [],
        }),
      environment,
    );
  };

  test.each(['standby', 'local-reads'] as const)('a deploy at %s leaves those of every rule', (level) => {
    const rules = byCommand(level).resources('aws_lb_listener_rule');
    expect(rules.map(({ lifecycle }) => lifecycle)).toEqual(rules.map(() => ({ ignore_changes: ['action'] })));
    // While the listener refuses nothing, a rule takes every request before the default action, which deploys set.
    const all = rules.some(({ condition }) => condition[0].path_pattern?.values.includes('/*'));
    expect(all).toBe(level === 'standby');
  });

  test('a colour serves in its own target group only', () => {
    const stack = byCommand('standby');
    for (const colour of ['Blue', 'Green']) {
      expect(stack.resource('aws_autoscaling_group', `${colour}/Group`).target_group_arns).toEqual([
        stack.reference('aws_lb_target_group', `Balancer/${colour}`, 'arn'),
      ]);
    }
  });
});
