import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import type { RolloutSettings } from './rollout';

function problemsOf(rollout: RolloutSettings): string[] {
  const { prod } = exampleOrganisation.environments;
  const settings = { ...exampleOrganisation, environments: { prod: { ...prod, rollout } } };
  return checkSettings({ settings, regions: exampleRegions, folders: exampleFolders }).map(({ where }) => where);
}

test('accepts a gate with alarms, a URL or a command', () => {
  expect(problemsOf({ waitSec: 0 })).toEqual([]);
  expect(
    problemsOf({
      waitSec: 86_400,
      alarms: ['prod-app-errors', 'Errors of the app'],
      url: 'https://{region}.example.com:8443/healthz?from={region}',
      command: 'npm run smoke-test',
    }),
  ).toEqual([]);
});

test.each<[string, Partial<RolloutSettings>]>([
  ['waitSec', { waitSec: -1 }],
  ['waitSec', { waitSec: 86_401 }],
  ['waitSec', { waitSec: 0.5 }],
  ['alarms.1', { alarms: ['good', ''] }],
  ['alarms.0', { alarms: ['arn:aws:cloudwatch:us-east-1:111111111111:alarm:errors'] }],
  ['url', { url: 'example.com/healthz' }],
  ['url', { url: 'ftp://example.com' }],
  ['url', { url: 'https://{stack}.example.com' }],
  ['url', { url: 'https://example.com/a b' }],
  ['url', { url: 'https://name:word@{region}.example.com' }],
  ['command', { command: ' ' }],
])('refuses %s: %j', (field, rollout) => {
  expect(problemsOf({ waitSec: 60, ...rollout })).toEqual([`infra.config.ts: environments.prod.rollout.${field}`]);
});
