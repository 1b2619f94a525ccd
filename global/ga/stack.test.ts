import infra from '@platform/infra.config';
import { adoptionLevels, includesLevel, modes } from '@platform/libs/settings/adoption';
import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { regions } from '@platform/shared/regions';
import { contract } from './contract';
import { GaStack } from './stack';

const [first] = Object.keys(infra.environments) as [string];
const { accounts, edge } = exampleEnvironment();
const synth = (whatIf: Parameters<typeof selectEnvironment>[2], other: Partial<Environment> = {}) =>
  synthStack((app) => new GaStack(app, { ...selectEnvironment(infra, first, whatIf), accounts, edge, ...other }));

describe.each(modes)('in %s', (mode) => {
  test.each(adoptionLevels)('at %s there is an accelerator from accelerated', (level) => {
    const stack = synth({ level, mode });
    const switchedOn = includesLevel(level, 'accelerated');
    expect(stack.count('aws_globalaccelerator_accelerator')).toBe(switchedOn ? 1 : 0);
    expect(stack.count('aws_globalaccelerator_endpoint_group')).toBe(switchedOn ? regions.length : 0);
    expect(Object.keys(stack.outputs()).sort()).toEqual(Object.keys(contract.fields).sort());
    if (!switchedOn) expect(stack.addresses()).toEqual([]);
  });

  test('the planned dials are an output at every level', () => {
    const dials = regions.map(({ key, role }) => [key, mode === 'active-active' || role === 'primary' ? '100' : '0']);
    for (const level of adoptionLevels) {
      expect(synth({ level, mode }).outputs().plannedDials).toEqual(Object.fromEntries(dials));
    }
  });
});

test('the load balancers’ account allows the accelerator, if it is another one', () => {
  const stack = synth({ level: 'accelerated' });
  expect(stack.resource('aws_globalaccelerator_cross_account_attachment')).toMatchObject({
    provider: 'aws.workload',
    principals: [accounts.edge],
  });
  expect(stack.resource('aws_globalaccelerator_cross_account_attachment').resource).toHaveLength(regions.length);
  const shared = { ...accounts, edge: accounts.workload };
  const alone = synth({ level: 'accelerated' }, { accounts: shared });
  expect(alone.count('aws_globalaccelerator_cross_account_attachment')).toBe(0);
  expect(new Set(alone.providers().flatMap((each) => each['allowed_account_ids']))).toEqual(
    new Set([accounts.workload]),
  );
});

test('the settings limit the dials', () => {
  const [{ key }] = regions as [(typeof regions)[number]];
  const accelerator = { ...edge.accelerator, dialLimitPercent: { [key]: 40 } };
  const stack = synth(
    { level: 'accelerated', mode: 'active-active' },
    { edge: { ...edge, accelerator } as Environment['edge'] },
  );
  expect(stack.outputs().plannedDials[key]).toBe('40');
  expect(stack.resource('aws_globalaccelerator_endpoint_group', `Group-${key}`).traffic_dial_percentage).toBe(40);
});
