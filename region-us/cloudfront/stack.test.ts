import infra from '@platform/infra.config';
import { distributionNames } from '@platform/libs/edge/names';
import { adoptionLevels, includesLevel, type AdoptionLevel, modes, type Mode } from '@platform/libs/settings/adoption';
import { selectEnvironment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { region } from '../region';
import { contract } from './contract';
import { balancers } from './upstream';
import { CloudfrontStack } from './stack';

const { key, standing, failsOverTo, awsRegion } = region as RegionSettings;
const environmentAt = (level: AdoptionLevel, mode: Mode = 'active-passive') =>
  selectEnvironment(infra, 'prod', { level, mode });
const synth = (level: AdoptionLevel, mode?: Mode) =>
  synthStack((app) => new CloudfrontStack(app, environmentAt(level, mode)));

test('every balancer stands under the key of its region', () => {
  for (const [name, { stateRegion }] of Object.entries(balancers)) expect(stateRegion.key).toBe(name);
  expect(Object.keys(balancers)).toEqual(expect.arrayContaining([key, failsOverTo]));
});

describe.each(modes)('in %s', (mode) => {
  test.each(adoptionLevels)('at %s there is a distribution from origin-failover on', (level) => {
    const stack = synth(level, mode);
    const switchedOn = includesLevel(level, 'origin-failover');
    expect(stack.count('aws_cloudfront_distribution')).toBe(switchedOn ? 1 : 0);
    expect(Object.keys(stack.outputs()).sort()).toEqual(Object.keys(contract.fields).sort());
    if (!switchedOn) {
      expect(stack.addresses()).toEqual([]);
      expect(new Set(Object.values(stack.outputs()))).toEqual(new Set(['']));
    }
  });
});

test.each([
  ['active-passive', 'origin-failover', 'primary'],
  ['active-passive', 'local-reads', 'own'],
  ['active-active', 'origin-failover', 'own'],
] as const)('%s at %s: the %s balancer is asked first', (mode, level, first) => {
  const { origin } = synth(level, mode).resource('aws_cloudfront_distribution');
  const names = ['first-balancer', 'second-balancer'].map(
    (id) => origin.find(({ origin_id }: { origin_id: string }) => origin_id === id).domain_name,
  );
  const { domain } = environmentAt(level);
  const [near, far] = [`origin-${key}.${domain}`, `origin-${failsOverTo}.${domain}`];
  expect(names).toEqual(first === 'own' || standing === 'primary' ? [near, far] : [far, near]);
});

test('every balancer, also one that the name of the API leads to, gets the values of all of them', () => {
  const { origin } = synth('origin-failover').resource('aws_cloudfront_distribution');
  const { domain } = environmentAt('origin-failover');
  for (const label of [`origin-${key}`, `origin-${failsOverTo}`, 'origin-api']) {
    const { custom_header } = origin.find(
      ({ domain_name }: { domain_name: string }) => domain_name === `${label}.${domain}`,
    );
    for (const each of Object.keys(balancers)) {
      expect(custom_header[0].value).toContain(
        `\${sensitive(data.terraform_remote_state.region-${each}-alb-asg-app.outputs.originHeaderValue)}`,
      );
    }
  }
});

test('files come from the copy of this region, and from the other one when that cannot answer', () => {
  const { origin } = synth('origin-failover').resource('aws_cloudfront_distribution');
  const partner = Object.values(balancers).find(({ stateRegion }) => stateRegion.key === failsOverTo)!.stateRegion;
  const bucket = (id: string) => origin.find(({ origin_id }: { origin_id: string }) => origin_id === id).domain_name;
  const name = `${infra.organisation}-prod-website`;
  expect(bucket('first-bucket')).toBe(`${name}-${key}.s3.${awsRegion}.amazonaws.com`);
  expect(bucket('second-bucket')).toBe(`${name}-${failsOverTo}.s3.${partner.awsRegion}.amazonaws.com`);
});

test('the distribution answers to the names of the region', () => {
  const { aliases } = synth('origin-failover').resource('aws_cloudfront_distribution');
  expect(aliases).toEqual(distributionNames(environmentAt('origin-failover'), key));
});

test('beside its own region the stack writes to us-east-1 only', () => {
  const regions = synth('origin-failover')
    .providers()
    .map(({ region: name }) => name as string);
  expect(regions).toEqual([...new Set([awsRegion, 'us-east-1'])]);
});
