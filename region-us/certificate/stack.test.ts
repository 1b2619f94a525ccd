import infra from '@platform/infra.config';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { CertificateStack } from './stack';

const stack = synthStack((app) => new CertificateStack(app, selectEnvironment(infra, 'prod')));

test('the certificate covers the domain and one level below it', () => {
  expect(stack.resource('aws_acm_certificate')).toMatchObject({
    domain_name: infra.environments.prod.domain,
    subject_alternative_names: [`*.${infra.environments.prod.domain}`],
  });
});

test('it needs one provider and writes no record', () => {
  expect(stack.providers()).toHaveLength(1);
  expect(stack.count('aws_route53_record')).toBe(0);
});

test('what is promised is the issued certificate', () => {
  expect(stack.outputs()).toEqual({
    certificateArn: stack.reference('aws_acm_certificate_validation', undefined, 'certificate_arn'),
  });
});
