import { exampleOrganisation } from '@platform/libs/testing/example-settings';
import { collectStacks, environmentFromProcess, runStacks } from './run-stacks';

const build = () => undefined;

test('while stacks are collected, a program adds its own and synthesises nothing', () => {
  expect(collectStacks(() => runStacks(exampleOrganisation, build))).toEqual([build]);
});

test('collecting ends also when a program fails', () => {
  const failing = () => {
    throw new Error('does not load');
  };
  expect(() => collectStacks(failing)).toThrow('does not load');
  expect(collectStacks(() => undefined)).toEqual([]);
});

describe('the environment of a process', () => {
  const chosen = (variables: Record<string, string>) => environmentFromProcess(exampleOrganisation, variables);

  test('is the first one by default, as in the settings', () => {
    expect(chosen({})).toMatchObject({ name: 'prod', level: 'origin-failover', mode: 'active-passive' });
    expect(chosen({ PLATFORM_ENVIRONMENT: '', PLATFORM_LEVEL: '' })).toEqual(chosen({}));
  });

  test('can have another level or mode than the settings', () => {
    expect(chosen({ PLATFORM_LEVEL: 'accelerated', PLATFORM_MODE: 'active-active' })).toMatchObject({
      level: 'accelerated',
      mode: 'active-active',
    });
  });

  test('must exist', () => {
    expect(() => chosen({ PLATFORM_ENVIRONMENT: 'test' })).toThrow('environment: there is no "test"; use one of prod');
    expect(() => chosen({ PLATFORM_LEVEL: 'all' })).toThrow('PLATFORM_LEVEL: there is no "all"; use one of standby,');
    expect(() => chosen({ PLATFORM_MODE: 'both' })).toThrow(
      'PLATFORM_MODE: there is no "both"; use one of active-passive,',
    );
  });
});
