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

describe('AWS Config', () => {
  const managed = { configRules: { recorder: 'managed', retentionDays: 400 } } as const;
  const ids = Object.values(accounts);
  const stack = synth(managed);
  const rules = stack.resources('aws_config_config_rule');

  test('every account has a recorder and a channel in each region, and records before its rules are made', () => {
    for (const type of ['recorder', 'recorder_status']) {
      expect(stack.count(`aws_config_configuration_${type}`)).toBe(ids.length * regions.length);
    }
    expect(stack.count('aws_config_delivery_channel')).toBe(ids.length * regions.length);
    for (const { provider, depends_on } of rules) {
      const [address] = depends_on as [string];
      const [type, name] = address.split('.') as [string, string];
      expect(type).toBe('aws_config_configuration_recorder_status');
      expect(stack.json.resource![type]![name]!.provider).toBe(provider);
    }
  });

  test('the recorders record every type that a rule judges, and no other', () => {
    const judged = new Set(rules.flatMap(({ scope }) => (scope?.compliance_resource_types as string[]) ?? []));
    for (const { recording_group } of stack.resources('aws_config_configuration_recorder')) {
      expect(recording_group).toMatchObject({ all_supported: false });
      expect(recording_group.resource_types).toEqual([...judged].sort());
    }
  });

  test('encryption, public access, IMDSv2 and the tags of the estate are judged in every account and region', () => {
    const judging = (identifier: string) => rules.filter(({ source }) => source.source_identifier === identifier);
    for (const identifier of [
      'RDS_CLUSTER_ENCRYPTED_AT_REST',
      'RDS_INSTANCE_PUBLIC_ACCESS_CHECK',
      'EC2_IMDSV2_CHECK',
    ]) {
      expect([identifier, judging(identifier).length]).toEqual([identifier, ids.length * regions.length]);
    }
    expect(judging('S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC')).toHaveLength(ids.length);
    const tags = Object.keys(stack.providers()[0]!.default_tags[0].tags as object);
    for (const { input_parameters } of judging('REQUIRED_TAGS')) {
      expect(Object.values(JSON.parse(input_parameters as string) as object)).toEqual(tags);
    }
  });

  test('one bucket takes the history of these accounts, and of no other', () => {
    expect(stack.count('aws_s3_bucket')).toBe(1);
    const { Statement } = JSON.parse(stack.resource('aws_s3_bucket_policy').policy as string) as {
      Statement: { Effect: string; Condition: { StringEquals?: Record<string, string> } }[];
    };
    const allowed = Statement.filter(({ Effect }) => Effect === 'Allow');
    const letIn = allowed.map(({ Condition }) => Condition.StringEquals!['aws:SourceAccount']);
    expect(letIn.sort()).toEqual([...ids, ...ids].sort());
    expect(stack.resource('aws_s3_bucket_lifecycle_configuration').rule[0].expiration).toEqual([{ days: 400 }]);
  });

  test('where accounts have recorders, there are the rules and none of ours', () => {
    const existing = synth({ configRules: { recorder: 'existing', retentionDays: 365 } });
    expect(existing.count('aws_config_config_rule')).toBe(rules.length);
    for (const type of [
      'aws_config_configuration_recorder',
      'aws_config_delivery_channel',
      'aws_s3_bucket',
      'aws_iam_role',
    ]) {
      expect([type, existing.count(type)]).toEqual([type, 0]);
    }
  });

  test('one aggregator shows the results of all accounts and regions, which let it read them', () => {
    expect(stack.resource('aws_config_configuration_aggregator').account_aggregation_source).toEqual({
      account_ids: ids,
      regions: regions.map(({ awsRegion }) => awsRegion),
    });
    const authorizations = stack.resources('aws_config_aggregate_authorization');
    expect(authorizations).toHaveLength((ids.length - 1) * regions.length);
    for (const each of authorizations) {
      expect(each).toMatchObject({ account_id: accounts.management, region: regions[0]!.awsRegion });
    }
  });
});
