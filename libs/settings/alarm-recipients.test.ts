import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import type { AlarmRecipients } from './alarm-recipients';
import { checkSettings } from './check-settings';
import { formatProblem } from './problem';
import type { Profile } from './schema';

const { prod } = exampleOrganisation.environments;
const problemsOf = (alarmRecipients: AlarmRecipients | undefined, profile?: Profile) => {
  const { alarmRecipients: _, ...without } = prod;
  const environment = {
    ...without,
    ...(profile ? { profile } : {}),
    ...(alarmRecipients ? { alarmRecipients } : {}),
  };
  const settings = { ...exampleOrganisation, environments: { prod: environment } };
  return checkSettings({ settings, regions: exampleRegions, folders: exampleFolders }).map(formatProblem);
};
const at = 'infra.config.ts: environments.prod.alarmRecipients';

test('in production every team that owns a stack is told of its alarms', () => {
  const missing = `${at}.platform: the team owns region-ap/vpc, and its alarms have no recipient; add platform: { email: ['…'] } or { https: ['…'] }`;
  expect(problemsOf(undefined)).toEqual([missing]);
  expect(problemsOf({}, 'production')).toEqual([missing]);
  expect(problemsOf({ platform: { email: [] } })).toEqual([missing]);
  expect(problemsOf({ platform: { https: ['https://pager.acme.io'] } })).toEqual([]);
  expect(problemsOf(undefined, 'development')).toEqual([]);
});

test('recipients are addresses, of teams that exist', () => {
  const platform = {
    email: ['oncall', 'oncall@acme.io'],
    https: ['http://pager.acme.io', 'pager', 'https://pager.acme.io/a b'],
  };
  expect(problemsOf({ platform, finance: {} })).toEqual([
    `${at}.platform.email.0: "oncall" is not an address; write it as oncall@acme.io`,
    ...['http://pager.acme.io', 'pager', 'https://pager.acme.io/a b'].map(
      (address, index) =>
        `${at}.platform.https.${index}: "${address}" is not an address for HTTPS; begin it with https://, and write %20 for a space`,
    ),
    `${at}.finance: there is no team "finance" in owners; use one of platform, network`,
  ]);
});
