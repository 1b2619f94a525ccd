import infra from '@platform/infra.config';
import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import type { GuardrailsSettings } from '@platform/libs/settings/guardrails';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { regions } from '@platform/shared/regions';
import { GuardrailsStack } from './stack';

const [first] = Object.keys(infra.environments) as [string];
const { accounts } = exampleEnvironment();
const off: GuardrailsSettings = { accountDefaults: 'unmanaged', vpcPublicAccess: 'open' };
const synth = (guardrails: Partial<GuardrailsSettings>, other: Partial<Environment> = {}) => {
  const environment = selectEnvironment(infra, first);
  const alarmRecipients = Object.fromEntries(
    Object.values(environment.owners).map((team) => [team, { email: ['costs@acme.io'] }]),
  );
  return synthStack(
    (app) =>
      new GuardrailsStack(app, {
        ...environment,
        accounts,
        alarmRecipients,
        guardrails: { ...off, ...guardrails },
        ...other,
      }),
  );
};

test('makes nothing until the settings ask for it', () => {
  expect(synth({}).addresses()).toEqual([]);
  expect(synth({}).providers()).toHaveLength(1);
});

test('a budget counts the accounts of the environment, and mails on the forecast and the actual cost', () => {
  const budget = synth({ budget: { monthlyUsd: 500, forecastPercent: 100, actualPercent: 80 } }).resource(
    'aws_budgets_budget',
  );
  expect(budget.cost_filter).toEqual([{ name: 'LinkedAccount', values: Object.values(accounts) }]);
  expect(
    budget.notification.map(({ notification_type, threshold, subscriber_email_addresses }: Record<string, unknown>) => [
      notification_type,
      threshold,
      subscriber_email_addresses,
    ]),
  ).toEqual([
    ['FORECASTED', 100, ['costs@acme.io']],
    ['ACTUAL', 80, ['costs@acme.io']],
  ]);
});

test('anomalies above the limit are mailed', () => {
  const stack = synth({ anomalies: { impactUsd: 25 } });
  expect(JSON.parse(stack.resource('aws_ce_anomaly_monitor').monitor_specification as string)).toMatchObject({
    Dimensions: { Key: 'LINKED_ACCOUNT', Values: Object.values(accounts) },
  });
  expect(stack.resource('aws_ce_anomaly_subscription').threshold_expression.dimension.values).toEqual(['25']);
});

test('every account has its defaults once, and in each region', () => {
  const stack = synth({ accountDefaults: 'managed' });
  expect(stack.count('aws_s3_account_public_access_block')).toBe(4);
  expect(stack.count('aws_ebs_encryption_by_default')).toBe(4 * regions.length);
  expect(stack.count('aws_ec2_instance_metadata_defaults')).toBe(4 * regions.length);
  const places = stack.providers().map(({ region, allowed_account_ids }) => `${region} ${allowed_account_ids}`);
  expect(new Set(places).size).toBe(places.length);
  expect(places).toHaveLength(4 * regions.length);
});

test('an account with several roles has its defaults once', () => {
  const one = { network: '111111111111', workload: '111111111111', edge: '111111111111', management: '111111111111' };
  const stack = synth({ accountDefaults: 'managed' }, { accounts: one });
  expect(stack.count('aws_s3_account_public_access_block')).toBe(1);
  expect(stack.count('aws_ebs_encryption_by_default')).toBe(regions.length);
});

test('public subnets are excluded before the internet is blocked, in each region of the network account', () => {
  const stack = synth({ vpcPublicAccess: 'block-ingress' });
  for (const { key, zones } of regions) {
    const options = stack.resource('aws_vpc_block_public_access_options', `PublicAccess-${key}/Options`);
    expect(options).toMatchObject({ internet_gateway_block_mode: 'block-ingress', provider: `aws.network-${key}` });
    expect(options.depends_on).toHaveLength(zones.length);
  }
  for (const exclusion of stack.resources('aws_vpc_block_public_access_exclusion')) {
    expect(exclusion.internet_gateway_exclusion_mode).toBe('allow-bidirectional');
    expect(exclusion.subnet_id).toContain('publicSubnetIds');
  }
});
