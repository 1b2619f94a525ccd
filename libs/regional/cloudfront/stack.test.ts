import { applicationContract } from '@platform/libs/app/contract';
import { defineContract, map } from '@platform/libs/contract/contract';
import { dataContract } from '@platform/libs/data/contract';
import { distributionContract } from '@platform/libs/edge/contract';
import { distributionNames } from '@platform/libs/edge/names';
import { adoptionLevels, includesLevel, type AdoptionLevel, modes, type Mode } from '@platform/libs/settings/adoption';
import type { Environment } from '@platform/libs/settings/environment';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { synthStack } from '@platform/libs/testing/synth-stack';
import type { Block, SynthesisedStack } from '@platform/libs/testing/synthesised-stack';
import { RegionalDistribution } from './stack';

const [us, ap] = exampleRegions;
const zone = defineContract({
  stack: 'global-zone',
  project: 'global/zone',
  stateRegion: us,
  fields: { validationRecords: map('Validation records', { edge: '_0eee.example.com' }) },
});
const balancers = { us: applicationContract(us, 'alb-asg-app'), ap: applicationContract(ap, 'alb-asg-app') };
const synth = (
  level: AdoptionLevel = 'origin-failover',
  mode: Mode = 'active-passive',
  region = us,
  changes: Partial<Environment> = {},
) =>
  synthStack(
    (app) =>
      new RegionalDistribution(app, exampleEnvironment({ level, mode, ...changes }), {
        region,
        contract: distributionContract(region),
        upstream: { zone, data: dataContract(us, exampleRegions), balancers, applications: {} },
      }),
  );
const originsOf = (
  stack: SynthesisedStack,
): { origin_id: string; domain_name: string; custom_header: [{ value: string }] }[] =>
  stack.resource('aws_cloudfront_distribution').origin;
const originName = (stack: SynthesisedStack, id: string) =>
  originsOf(stack).find(({ origin_id }) => origin_id === id)!.domain_name;

describe.each(modes)('in %s', (mode) => {
  test.each(adoptionLevels)('there is a distribution from origin-failover: %s', (level) => {
    const [stack, counterpart] = [synth(level, mode), synth(level, mode, ap)];
    const switchedOn = includesLevel(level, 'origin-failover');
    expect(stack.count('aws_cloudfront_distribution')).toBe(switchedOn ? 1 : 0);
    expect(Object.keys(stack.outputs())).toEqual(Object.keys(distributionContract(us).fields));
    expectTwins(stack, counterpart);
    if (!switchedOn) {
      expect(stack.addresses().filter((address) => !/\.(Latch(0|Keeper)_|Alarms_|AlarmKey$)/.test(address))).toEqual(
        [],
      );
      expect(new Set(Object.values(stack.outputs()))).toEqual(new Set(['']));
    }
  });
});

test.each([
  ['active-passive', 'origin-failover', 'us', ap],
  ['active-passive', 'local-reads', 'ap', ap],
  ['active-active', 'origin-failover', 'ap', ap],
  ['active-passive', 'origin-failover', 'us', us],
] as const)('%s at %s asks the load balancer of %s first', (mode, level, first, region) => {
  const stack = synth(level, mode, region);
  expect(originName(stack, 'first-balancer')).toBe(`origin-${first}.example.com`);
  expect(originName(stack, 'second-balancer')).toBe(`origin-${first === 'us' ? 'ap' : 'us'}.example.com`);
});

test('every load balancer, also behind the name of the API, gets the header values of all of them', () => {
  const origins = originsOf(synth());
  for (const label of ['origin-us', 'origin-ap', 'origin-api']) {
    const { custom_header } = origins.find(({ domain_name }) => domain_name === `${label}.example.com`)!;
    for (const key of ['us', 'ap']) {
      expect(custom_header[0].value).toContain(
        `\${sensitive(data.terraform_remote_state.region-${key}-alb-asg-app.outputs.originHeaderValue)}`,
      );
    }
  }
});

test('files come from the copy of this region, otherwise from that of the region it fails over to', () => {
  const stack = synth('origin-failover', 'active-passive', ap);
  expect(originName(stack, 'first-bucket')).toBe('example-prod-website-ap.s3.ap-northeast-2.amazonaws.com');
  expect(originName(stack, 'second-bucket')).toBe('example-prod-website-us.s3.us-east-1.amazonaws.com');
});

test('holds the latch of the other region, in its own', () => {
  for (const [region, other] of [
    [us, 'ap'],
    [ap, 'us'],
  ] as const) {
    const alarm = synth('standby', 'active-passive', region).resource('aws_cloudwatch_metric_alarm', 'Latched');
    expect(alarm).toMatchObject({ alarm_name: `prod-${other}-latched`, dimensions: { Region: other } });
    // Who keeps a region without traffic is told, and when it ends.
    expect([alarm.alarm_actions, alarm.ok_actions]).toEqual([
      [expect.stringContaining('aws_sns_topic.Alarms_Topic')],
      [expect.stringContaining('aws_sns_topic.Alarms_Topic')],
    ]);
    expect(alarm).not.toHaveProperty('provider');
  }
});

test.each([
  ['active-passive', 'standby', 1],
  ['active-passive', 'local-reads', 1],
  // Records do not tell there which region answers.
  ['active-passive', 'accelerated', 0],
  ['active-active', 'standby', 0],
] as const)(
  'in %s at %s, %d function engages the latch of the region that fails over to this one',
  (mode, level, count) => {
    const stack = synth(level, mode, ap);
    expect(stack.count('aws_lambda_function')).toBe(count);
    if (count === 0) return;
    const { LATCH } = stack.resource('aws_lambda_function').environment.variables as { LATCH: string };
    expect(JSON.parse(LATCH)).toEqual({
      environment: 'prod',
      watched: 'us',
      answeredName: 'failover.api.example.com',
      watchedName: 'origin-us.example.com',
      hereName: 'origin-ap.example.com',
    });
  },
);

test('holds no latch where regions come back by themselves', () => {
  const { edge } = exampleEnvironment();
  expect(synth('standby', 'active-passive', us, { edge: { ...edge, failback: 'automatic' } }).addresses()).toEqual([]);
});

test('serves the names of the region', () => {
  const { aliases } = synth().resource('aws_cloudfront_distribution');
  expect(aliases).toEqual(distributionNames(exampleEnvironment(), 'us'));
});

test('makes nothing outside its own region and us-east-1', () => {
  const providers = synth('origin-failover', 'active-passive', ap).providers();
  expect(providers.map(({ region }) => region as string)).toEqual(['ap-northeast-2', 'us-east-1']);
});

test('refuses to fail over to a region whose load balancer is missing', () => {
  expect(() => synth('origin-failover', 'active-passive', { ...us, failsOverTo: 'eu' })).toThrow(
    'region-us/cloudfront/upstream.ts: balancers: has no line for region eu, only for us, ap',
  );
});

describe('a further application', () => {
  const { applications } = exampleEnvironment();
  const environment = exampleEnvironment({ applications: { ...applications, shop: applications['app']! } });
  const shop = { us: applicationContract(us, 'shop'), ap: applicationContract(ap, 'shop') };
  const build = (listed: Record<string, Record<string, typeof shop.us>>) =>
    synthStack(
      (app) =>
        new RegionalDistribution(app, environment, {
          region: us,
          contract: distributionContract(us),
          upstream: { zone, data: dataContract(us, exampleRegions), balancers, applications: listed },
        }),
    );

  test('answers below its path, at an origin of its own that gets the header of its load balancers', () => {
    const stack = build({ shop });
    const behaviours = stack.resource('aws_cloudfront_distribution').ordered_cache_behavior as Block[];
    const own = behaviours.find(({ path_pattern: path }) => path === '/shop/*')!;
    const origin = originsOf(stack).find(({ origin_id: id }) => id === own['target_origin_id'])!;
    expect(origin.domain_name).toBe('origin-shop.example.com');
    expect(origin.custom_header[0].value).toContain('region-ap-shop.outputs.originHeaderValue');
    expect(origin.custom_header[0].value).not.toContain('alb-asg-app');
  });

  test('is refused without a line for every region', () => {
    expect(() => build({})).toThrow(
      'region-us/cloudfront/upstream.ts: applications: has no line for shop; run npx platform new service shop',
    );
    expect(() => build({ shop: { us: shop.us } })).toThrow('applications.shop: has no line for region ap');
    expect(() => build({ shop, gone: shop })).toThrow('has a line for gone');
  });
});
