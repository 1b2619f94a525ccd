import infra from '@platform/infra.config';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { region } from '../region';
import { contract } from './contract';
import { VpcStack } from './stack';

const synth = (name: string, level: 'standby' | 'inspected') =>
  synthStack((app) => new VpcStack(app, selectEnvironment(infra, name, { level })));

describe.each(Object.keys(infra.environments))('the VPC stack in %s', (name) => {
  test('promises one subnet and route table per zone and tier', () => {
    const outputs = synth(name, 'standby').outputs();
    expect(Object.keys(outputs).sort()).toEqual(Object.keys(contract.fields).sort());
    for (const tier of ['public', 'app', 'data', 'transit']) {
      expect(outputs[`${tier}SubnetIds`]).toHaveLength(region.zones.length);
      expect(outputs[`${tier}RouteTableIds`]).toHaveLength(region.zones.length);
    }
  });

  test('does not change when traffic is inspected: that is a matter of routes, which the hub adds', () => {
    expect(synth(name, 'inspected').json).toEqual(synth(name, 'standby').json);
  });

  test('makes everything in the region and in the network account', () => {
    const providers = synth(name, 'standby').providers();
    expect(providers).toHaveLength(1);
    expect(providers[0]).toMatchObject({
      region: region.awsRegion,
      allowed_account_ids: [selectEnvironment(infra, name).accounts.network],
    });
  });

  test('asks nothing of AWS while it is synthesised or planned', () => {
    expect(synth(name, 'inspected').json.data).toBeUndefined();
  });
});
