import infra from '@platform/infra.config';
import { adoptionLevels, includesLevel, type AdoptionLevel, modes, type Mode } from '@platform/libs/settings/adoption';
import { selectEnvironment } from '@platform/libs/settings/environment';
import type { Block } from '@platform/libs/testing/synthesised-stack';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { regions } from '@platform/shared/regions';
import { Route53Stack } from './stack';

const [first] = Object.keys(infra.environments) as [string];
const { domain } = selectEnvironment(infra, first);
const synth = (level: AdoptionLevel, mode: Mode) =>
  synthStack((app) => new Route53Stack(app, selectEnvironment(infra, first, { level, mode })));
const combinations = modes.flatMap((mode) => adoptionLevels.map((level) => [mode, level] as const));
const policyOf = (record: Block) => Object.keys(record).find((name) => name.endsWith('_routing_policy')) ?? 'simple';

describe.each(combinations)('%s at %s', (mode, level) => {
  const stack = synth(level, mode);
  const records = stack.resources('aws_route53_record');
  const named = (name: string) => records.filter((record) => record.name === name);
  const target = (name: string) => named(name).map(({ alias }) => alias.name as string);

  test('every region has a check on the name of its load balancer, and the name points there', () => {
    for (const { key } of regions) {
      const name = `origin-${key}.${domain}`;
      expect(stack.resource('aws_route53_health_check', `Region-${key}`).fqdn).toBe(name);
      expect(target(name)).toEqual([
        `\${data.terraform_remote_state.region-${key}-alb-asg-app.outputs.balancerDnsName}`,
      ]);
    }
  });

  test('the name of the API is one record, and points to the accelerator from accelerated', () => {
    expect(named(`api.${domain}`)).toHaveLength(1);
    expect(target(`api.${domain}`)[0]).toContain(
      includesLevel(level, 'accelerated')
        ? 'data.terraform_remote_state.global-ga.outputs.dnsName'
        : mode === 'active-active'
          ? `latency.api.${domain}`
          : `failover.api.${domain}`,
    );
  });

  test('distributions reach load balancers at every level by the record set, never through the accelerator', () => {
    const set = `${mode === 'active-active' ? 'latency' : 'failover'}.api.${domain}`;
    expect(target(`origin-api.${domain}`)).toEqual([set]);
    // Route 53 refuses an alias to a name that does not exist yet.
    const origin = named(`origin-api.${domain}`)[0]!;
    expect(origin.depends_on).toHaveLength(named(set).length);
  });

  test('load balancers answer by latency in active-active and by failover in active-passive', () => {
    const policies = records.map(policyOf).filter((policy) => policy !== 'simple');
    const expected = mode === 'active-active' ? 'latency_routing_policy' : 'failover_routing_policy';
    // Failover has one record for the primary region and one for the region that it fails over to.
    const count = mode === 'active-active' ? regions.length : 2;
    expect(policies).toEqual(Array.from({ length: count }, () => expected));
  });

  test('the domain and every site point to a distribution from origin-failover, over IPv4 and IPv6', () => {
    for (const name of [domain, ...regions.map(({ key }) => `${key}.${domain}`)]) {
      if (includesLevel(level, 'origin-failover')) {
        expect(
          named(name)
            .map(({ type }) => type as string)
            .sort(),
        ).toEqual(['A', 'AAAA']);
        for (const each of target(name)) expect(each).toContain('outputs.distributionDomainName');
      } else {
        expect(target(name)).toEqual([`api.${domain}`]);
      }
    }
  });

  test('the level of the records is an output, for the deploy of the next level', () => {
    expect(stack.outputs()['reachedLevel']).toBe(level);
  });

  test('every record is an alias, so that no TTL of ours slows a failover', () => {
    for (const record of records) {
      expect(record.ttl).toBeUndefined();
      expect(record.alias).toBeDefined();
    }
  });

  test('no name has records of two policies, which Route 53 refuses', () => {
    for (const name of new Set(records.map((record) => record.name as string))) {
      expect(new Set(named(name).map(policyOf)).size).toBe(1);
    }
  });
});

test.each(modes)('going up the levels in %s deletes no record', (mode) => {
  adoptionLevels.slice(1).forEach((level, index) => {
    const before = synth(adoptionLevels[index]!, mode).addresses();
    expect(synth(level, mode).addresses()).toEqual(expect.arrayContaining(before));
  });
});
