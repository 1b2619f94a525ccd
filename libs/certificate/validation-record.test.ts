import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { ValidationRecord } from './validation-record';

const synth = () =>
  synthConstruct((stack) => {
    const certificateAccount = new AwsProvider(stack, 'workload', { alias: 'workload', region: 'us-east-1' });
    new ValidationRecord(stack, 'Record', { domain: 'example.com', zoneId: 'Z1', ttlSec: 300, certificateAccount });
  });

test('the record is the one that ACM asks of the account, in the zone of the stack', () => {
  const stack = synth();
  expect(stack.resource('aws_acm_certificate')).toMatchObject({ domain_name: 'example.com', provider: 'aws.workload' });
  const record = stack.resource('aws_route53_record');
  expect(record).toMatchObject({ zone_id: 'Z1', ttl: 300, allow_overwrite: true });
  expect(record.provider).toBeUndefined();
  expect(record.name).toContain('domain_validation_options');
  expect(record.records[0]).toContain('resource_record_value');
});
