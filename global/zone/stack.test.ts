import infra from '@platform/infra.config';
import { selectEnvironment, type Environment } from '@platform/libs/settings/environment';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { ZoneStack } from './stack';

const [first] = Object.keys(infra.environments) as [string];
const { accounts } = exampleEnvironment();
const environment: Environment = { ...selectEnvironment(infra, first), accounts };
const synthesise = (other: Partial<Environment> = {}) =>
  synthStack((app) => new ZoneStack(app, { ...environment, ...other }));
const withSigning = (signing: 'signed' | 'unsigned') =>
  synthesise({ edge: { ...environment.edge, zone: { ...environment.edge.zone, signing } } });

test('the zone has the domain of the environment, and is not deleted while it has records', () => {
  const stack = synthesise();
  expect(stack.count('aws_route53_zone')).toBe(1);
  expect(stack.resource('aws_route53_zone')).toMatchObject({ name: environment.domain, force_destroy: false });
});

test('only the listed authorities may issue certificates', () => {
  const record = synthesise().resource('aws_route53_record', 'CertificateAuthorities');
  expect(record).toMatchObject({ type: 'CAA', ttl: environment.edge.zone.ttlSec });
  expect(record['records']).toEqual(environment.edge.zone.certificateAuthorities.map((name) => `0 issue "${name}"`));
});

test('records of this zone validate certificates of both accounts', () => {
  const stack = synthesise();
  expect(stack.resource('aws_acm_certificate', 'WorkloadCertificates/Probe').provider).toBe('aws.workload');
  expect(stack.providers()[1]!.allowed_account_ids).toEqual([environment.accounts.workload]);
  expect(stack.outputs()['validationRecords']).toEqual({
    edge: stack.reference('aws_route53_record', 'EdgeCertificates/Record', 'fqdn'),
    workload: stack.reference('aws_route53_record', 'WorkloadCertificates/Record', 'fqdn'),
  });
});

test('one account in both roles has one record and needs no second provider', () => {
  const { edge } = environment.accounts;
  const stack = synthesise({ accounts: { ...environment.accounts, workload: edge } });
  expect(stack.count('aws_acm_certificate')).toBe(1);
  expect(stack.providers()).toHaveLength(1);
  const { validationRecords } = stack.outputs();
  expect(validationRecords.workload).toBe(validationRecords.edge);
});

test('every query is logged, and only Route 53 on behalf of this account may write the log', () => {
  const stack = synthesise();
  expect(stack.resource('aws_route53_query_log')['cloudwatch_log_group_arn']).toBe(
    stack.reference('aws_cloudwatch_log_group', undefined, 'arn'),
  );
  expect(stack.resource('aws_cloudwatch_log_group')['retention_in_days']).toBe(
    environment.edge.zone.queryLogRetentionDays,
  );
  const { Statement } = JSON.parse(stack.resource('aws_cloudwatch_log_resource_policy')['policy_document']);
  expect(Statement).toEqual([
    {
      Effect: 'Allow',
      Principal: { Service: 'route53.amazonaws.com' },
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: `arn:aws:logs:us-east-1:${environment.accounts.edge}:log-group:/aws/route53/${environment.domain}:*`,
      Condition: { StringEquals: { 'aws:SourceAccount': environment.accounts.edge } },
    },
  ]);
});

test('an unsigned zone has no key and an empty DS record', () => {
  const stack = withSigning('unsigned');
  expect(stack.count('aws_route53_key_signing_key')).toBe(0);
  expect(stack.count('aws_route53_hosted_zone_dnssec')).toBe(0);
  expect(stack.outputs()['delegationSigner']).toBe('');
});

test('a signed zone has its key in us-east-1 and outputs the DS record', () => {
  const stack = withSigning('signed');
  expect(stack.resource('aws_kms_key', 'SigningKey/Key')).toMatchObject({
    customer_master_key_spec: 'ECC_NIST_P256',
    key_usage: 'SIGN_VERIFY',
  });
  expect(stack.outputs()['delegationSigner']).toBe(
    stack.reference('aws_route53_key_signing_key', undefined, 'ds_record'),
  );
  expect(stack.addresses()).toEqual(expect.arrayContaining(withSigning('unsigned').addresses()));
});

test('going up the levels changes nothing here', () => {
  expect(synthesise({ level: 'inspected', mode: 'active-active' }).json).toEqual(
    synthesise({ level: 'standby', mode: 'active-passive' }).json,
  );
});
