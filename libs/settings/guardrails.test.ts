import { exampleFolders, exampleOrganisation, exampleRegions } from '@platform/libs/testing/example-settings';
import { checkSettings } from './check-settings';
import type { GuardrailsSettings } from './guardrails';
import { formatProblem } from './problem';

const { prod } = exampleOrganisation.environments;
const off: GuardrailsSettings = { accountDefaults: 'unmanaged', vpcPublicAccess: 'open' };
const at = 'infra.config.ts: environments.';

function problemsOf(
  first: Partial<GuardrailsSettings>,
  second?: Partial<GuardrailsSettings>,
  alarmRecipients: object = { platform: { email: ['platform@acme.io'] } },
) {
  const environment = (guardrails: Partial<GuardrailsSettings>) => ({
    ...prod,
    alarmRecipients,
    guardrails: { ...off, ...guardrails },
  });
  return checkSettings({
    settings: {
      ...exampleOrganisation,
      environments: {
        prod: environment(first),
        ...(second ? { test: { ...environment(second), domain: 'test.example' } } : {}),
      } as typeof exampleOrganisation.environments,
    },
    regions: exampleRegions,
    folders: exampleFolders,
  })
    .map(formatProblem)
    .filter((problem) => problem.includes('guardrails'));
}

test('one environment manages an account that two share', () => {
  expect(problemsOf({ accountDefaults: 'managed' }, {})).toEqual([]);
  expect(problemsOf({ accountDefaults: 'managed' }, { accountDefaults: 'managed' })).toEqual([
    `${at}test.guardrails.accountDefaults: "managed" although prod shares an account with test and manages it already; use 'unmanaged' in one of the two`,
  ]);
});

test('one environment manages the recorder of an account that two share', () => {
  const [managed, existing] = (['managed', 'existing'] as const).map((recorder) => ({
    configRules: { recorder, retentionDays: 365 },
  }));
  expect(problemsOf(managed!, existing)).toEqual([]);
  expect(problemsOf(managed!, managed)).toEqual([
    `${at}test.guardrails.configRules.recorder: "managed" although prod shares an account with test and manages its recorder already; use 'existing' in one of the two`,
  ]);
});

test('the internet is not blocked in a network account that another environment shares', () => {
  expect(problemsOf({ vpcPublicAccess: 'block-ingress' })).toEqual([]);
  expect(problemsOf({ vpcPublicAccess: 'block-ingress' }, {})).toEqual([
    `${at}prod.guardrails.vpcPublicAccess: "block-ingress" would cut off test, which shares the network account 111111111111; use 'open', or give each environment a network account`,
  ]);
});

test('somebody gets the mails', () => {
  const budget = { monthlyUsd: 100, forecastPercent: 100, actualPercent: 80 };
  expect(problemsOf({ budget })).toEqual([]);
  expect(problemsOf({ budget }, undefined, {})).toEqual([
    `${at}prod.guardrails.budget: its mails have no recipient: platform owns global/guardrails and has no address; add environments.prod.alarmRecipients.platform.email`,
  ]);
});
