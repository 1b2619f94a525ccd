import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import type { Mode } from '@platform/libs/settings/adoption';
import { requestOf, type Wish } from './run-failover';

const requested = (mode: Mode, wish: Partial<Wish>) =>
  requestOf(
    {
      environment: exampleEnvironment({ mode }),
      regions: exampleRegions,
      target: { name: 'aws', clientOptions: jest.fn() },
    },
    { to: 'ap', allowDataLoss: false, ...wish },
  ).withoutTraffic;

test.each([
  ['active-passive', {}, ['us']],
  ['active-passive', { lost: 'us' }, ['us']],
  ['active-passive', { to: 'us' }, []],
  ['active-active', {}, []],
  ['active-active', { lost: 'us' }, ['us']],
  ['active-active', { evacuate: 'us' }, ['us']],
  ['active-active', { to: 'us', evacuate: 'ap' }, ['ap']],
] as const)('in %s, %j keeps %j without traffic', (mode, wish, keys) => {
  expect(requested(mode, wish)).toEqual(keys);
});

test('refuses to evacuate the region that takes over, and one that does not exist', () => {
  expect(() => requested('active-active', { evacuate: 'ap' })).toThrow(
    '--evacuate: ap cannot be evacuated and take over',
  );
  expect(() => requested('active-active', { evacuate: 'eu' })).toThrow('--evacuate: there is no "eu"');
});
