import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import type { AdoptionLevel, Mode } from '@platform/libs/settings/adoption';
import { AliasRecords } from './alias-records';
import { ApiRecords } from './api-records';
import { planTraffic } from './plan-traffic';
import { RegionHealth, type RegionHealthProps } from './region-health';
import { findDeadProps } from '@platform/libs/testing/find-dead-props';

const regions = [
  { key: 'us', failsOverTo: 'ap' },
  { key: 'ap', failsOverTo: 'us' },
];
const balancer = (key: string, awsRegion: string) => ({
  awsRegion,
  dnsName: `${key}.elb.amazonaws.com`,
  zoneId: `Z${key}`,
  healthCheckId: `check-${key}`,
});
const balancers = { us: balancer('us', 'us-east-1'), ap: balancer('ap', 'ap-northeast-2') };
const accelerator = { dnsName: 'a0.awsglobalaccelerator.com', zoneId: 'Z2BJ6XQ5FK7U4H' };

const apiRecords = (mode: Mode, level: AdoptionLevel, primary = 'us') =>
  synthConstruct((stack) => {
    const plan = planTraffic({ mode, level, primary, regions });
    new ApiRecords(stack, 'Records', { zoneId: 'Z1', name: 'api.example.com', plan, balancers, accelerator });
  });

describe('records of the API', () => {
  test('active-active answers with the nearest healthy load balancer', () => {
    const stack = apiRecords('active-active', 'standby');
    for (const [key, { awsRegion, dnsName }] of Object.entries(balancers)) {
      expect(stack.resource('aws_route53_record', `Nearest-${key}`)).toMatchObject({
        name: 'latency.api.example.com',
        type: 'A',
        set_identifier: key,
        latency_routing_policy: { region: awsRegion },
        health_check_id: `check-${key}`,
        alias: { name: dnsName, zone_id: `Z${key}`, evaluate_target_health: false },
      });
    }
    expect(stack.resource('aws_route53_record', 'Records/Api').alias.name).toBe('latency.api.example.com');
    expect(stack.count('aws_route53_record')).toBe(3);
  });

  test('active-passive answers with the primary, and with the secondary while the primary is unhealthy', () => {
    const stack = apiRecords('active-passive', 'local-reads');
    const record = (name: string) => stack.resource('aws_route53_record', name);
    expect(record('Primary')).toMatchObject({
      name: 'failover.api.example.com',
      failover_routing_policy: { type: 'PRIMARY' },
      health_check_id: 'check-us',
      alias: { name: 'us.elb.amazonaws.com', evaluate_target_health: false },
    });
    expect(record('Secondary')).toMatchObject({
      failover_routing_policy: { type: 'SECONDARY' },
      health_check_id: 'check-ap',
      alias: { name: 'ap.elb.amazonaws.com', evaluate_target_health: false },
    });
    expect(record('Records/Api').alias).toMatchObject({ name: 'failover.api.example.com', zone_id: 'Z1' });
  });

  test('when the regions change roles, no address and no identifier changes', () => {
    const [before, after] = ['us', 'ap'].map((primary) => apiRecords('active-passive', 'standby', primary));
    expect(after!.addresses()).toEqual(before!.addresses());
    for (const role of ['Primary', 'Secondary']) {
      const [old, changed] = [before!, after!].map((stack) => stack.resource('aws_route53_record', role));
      expect(changed!.set_identifier).toBe(old!.set_identifier);
      expect(changed!.alias.name).not.toBe(old!.alias.name);
    }
  });

  test('from accelerated, the name points to the accelerator, and the record set stays to go back', () => {
    const stack = apiRecords('active-passive', 'accelerated');
    expect(stack.resource('aws_route53_record', 'Records/Api').alias).toMatchObject({
      name: accelerator.dnsName,
      zone_id: accelerator.zoneId,
    });
    expect(stack.addresses()).toEqual(apiRecords('active-passive', 'origin-failover').addresses());
  });

  test('the name is one record that is never replaced: other policies have other names, and are destroyed last', () => {
    const [passive, active] = (['active-passive', 'active-active'] as const).map((mode) => apiRecords(mode, 'standby'));
    const names = (stack: typeof passive) => stack!.resources('aws_route53_record').map(({ name }) => name as string);
    const policyNames = (stack: typeof passive) => names(stack).filter((name) => name !== 'api.example.com');
    expect(policyNames(passive).filter((name) => names(active).includes(name))).toEqual([]);
    for (const stack of [passive!, active!]) {
      for (const record of stack.resources('aws_route53_record').filter(({ name }) => name !== 'api.example.com')) {
        expect(record.lifecycle.create_before_destroy).toBe(true);
      }
    }
  });

  test('throws for a region without a load balancer', () => {
    const plan = planTraffic({ mode: 'active-active', level: 'standby', primary: 'us', regions });
    const props = { zoneId: 'Z1', name: 'api.example.com', plan, balancers: { us: balancers.us }, accelerator };
    expect(() => synthConstruct((stack) => new ApiRecords(stack, 'Records', props))).toThrow(
      'region ap has no load balancer',
    );
  });
});

test.each([
  ['ipv4', ['A']],
  ['ipv4-and-ipv6', ['A', 'AAAA']],
] as const)('an alias to a target with %s is a record of each of %s', (addresses, types) => {
  const stack = synthConstruct(
    (scope) =>
      new AliasRecords(scope, 'Site', {
        zoneId: 'Z1',
        name: 'us.example.com',
        target: { dnsName: 'd0.cloudfront.net', zoneId: 'Z2' },
        addresses,
      }),
  );
  expect(
    stack
      .resources('aws_route53_record')
      .map(({ type }) => type as string)
      .sort(),
  ).toEqual(types);
});

describe('health of the regions', () => {
  const props: RegionHealthProps = {
    name: 'prod',
    settings: exampleEnvironment().edge.healthCheck,
    names: { us: 'origin-us.example.com', ap: 'origin-ap.example.com' },
    latches: { us: { alarmName: 'prod-us-latched', awsRegion: 'ap-northeast-2' } },
    usEast1: { fqn: 'aws.us-east-1', alias: 'us-east-1' } as AwsProvider,
  };
  const stack = synthConstruct((scope) => new RegionHealth(scope, 'Health', props));

  test('each region is checked over HTTPS by the name of its load balancer', () => {
    expect(stack.resource('aws_route53_health_check', 'Region-ap')).toMatchObject({
      type: 'HTTPS',
      fqdn: 'origin-ap.example.com',
      port: 443,
      resource_path: '/healthz',
      enable_sni: true,
      request_interval: 10,
      failure_threshold: 3,
    });
  });

  test('one calculated check says whether any region serves, the other whether all do', () => {
    const sums = ['AnyRegion', 'EveryRegion'].map((name) => stack.resource('aws_route53_health_check', name));
    expect(sums.map((sum) => sum.child_health_threshold)).toEqual([1, 2]);
    for (const sum of sums) {
      expect(sum).toMatchObject({ type: 'CALCULATED' });
      expect(sum.child_healthchecks).toHaveLength(2);
    }
  });

  test('a region with a latch serves while its check passes and the latch, in the other region, is open', () => {
    const latch = stack.resource('aws_route53_health_check', 'Latch-us');
    expect(latch).toMatchObject({
      type: 'CLOUDWATCH_METRIC',
      cloudwatch_alarm_name: 'prod-us-latched',
      cloudwatch_alarm_region: 'ap-northeast-2',
      insufficient_data_health_status: 'LastKnownStatus',
    });
    const serving = stack.resource('aws_route53_health_check', 'Serving-us');
    expect(serving).toMatchObject({ type: 'CALCULATED', child_health_threshold: 2 });
    expect(serving.child_healthchecks).toEqual([
      expect.stringContaining('Region-us'),
      expect.stringContaining('Latch-us'),
    ]);
  });

  test('records of a region without a latch follow its check', () => {
    let ids: Readonly<Record<string, string>> = {};
    synthConstruct((scope) => {
      const health = new RegionHealth(scope, 'Health', props);
      ids = { serving: health.servingIds['ap']!, check: health.checkIds['ap']! };
    });
    expect(ids['serving']).toBe(ids['check']);
  });

  test('a check that was disabled stays disabled, and a replaced check is destroyed last', () => {
    expect(stack.resource('aws_route53_health_check', 'Region-us').lifecycle).toEqual({
      create_before_destroy: true,
      ignore_changes: ['invert_healthcheck', 'disabled'],
    });
  });

  test('uses every prop', () => {
    const seconds = {
      name: 'staging',
      application: 'shop',
      settings: { intervalSec: 30, failureThreshold: 2, path: '/other' },
      names: { us: 'origin-us.example.org' },
      latches: { ap: { alarmName: 'staging-ap-latched', awsRegion: 'us-east-1' } },
      usEast1: { fqn: 'aws.other', alias: 'us-east-1' } as AwsProvider,
    };
    expect(findDeadProps(props, seconds, (scope, changed) => new RegionHealth(scope, 'Health', changed))).toEqual([]);
    for (const [name, value] of Object.entries(seconds.settings)) {
      const settings = { ...props.settings, [name]: value };
      const other = synthConstruct((scope) => new RegionHealth(scope, 'Health', { ...props, settings }));
      expect(other.json).not.toEqual(stack.json);
    }
  });
});
