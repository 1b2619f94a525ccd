import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { EstateStack } from '@platform/libs/stack/estate-stack';
import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { Certificate, type CertificateProps } from './certificate';

const props: Omit<CertificateProps, 'provider'> = {
  names: ['example.com', '*.example.com'],
  validationRecord: '_0eee.example.com',
};
const synth = (overrides: Partial<CertificateProps> = {}) =>
  synthConstruct((stack) => new Certificate(stack, 'Certificate', { ...props, ...overrides }));

describe('a certificate', () => {
  test('covers its names and is validated by DNS', () => {
    const certificate = synth().resource('aws_acm_certificate');
    expect(certificate).toMatchObject({
      domain_name: 'example.com',
      subject_alternative_names: ['*.example.com'],
      validation_method: 'DNS',
    });
  });

  test('outputs its ARN only once it is issued, by the record that the zone holds', () => {
    const stack = synth();
    expect(stack.resource('aws_acm_certificate_validation')).toMatchObject({
      certificate_arn: stack.reference('aws_acm_certificate', 'Certificate/Certificate', 'arn'),
      validation_record_fqdns: ['_0eee.example.com'],
    });
  });

  test('writes no record, which belongs to the zone', () => {
    expect(synth().count('aws_route53_record')).toBe(0);
  });

  test('is replaced by its successor before it is destroyed', () => {
    expect(synth().resource('aws_acm_certificate').lifecycle).toEqual({ create_before_destroy: true });
  });

  test('uses every prop', () => {
    const seconds = { names: ['other.example.com'] as [string], validationRecord: '_0eef.example.com' };
    const build = (stack: EstateStack, changed: typeof props) => new Certificate(stack, 'Certificate', changed);
    expect(findDeadProps(props, seconds, build)).toEqual([]);
  });

  test('is created with the given provider', () => {
    const stack = synthConstruct((scope) => {
      const provider = new AwsProvider(scope, 'second', { alias: 'second', region: 'us-east-1' });
      new Certificate(scope, 'Certificate', { ...props, provider });
    });
    expect(stack.resource('aws_acm_certificate').provider).toBe('aws.second');
    expect(stack.resource('aws_acm_certificate_validation').provider).toBe('aws.second');
  });
});
