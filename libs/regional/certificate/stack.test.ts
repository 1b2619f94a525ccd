import { certificateContract } from '@platform/libs/certificate/contract';
import { defineContract, map } from '@platform/libs/contract/contract';
import { exampleEnvironment, exampleRegions } from '@platform/libs/testing/example-settings';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { RegionalCertificate } from './stack';

const [us, ap] = exampleRegions;
const zone = defineContract({
  stack: 'global-zone',
  project: 'global/zone',
  stateRegion: us,
  fields: { validationRecords: map('Validation records', { workload: '_0eee.example.com' }) },
});
const synth = (region = us) =>
  synthStack(
    (app) =>
      new RegionalCertificate(app, exampleEnvironment(), {
        region,
        contract: certificateContract(region),
        upstream: { zone },
      }),
  );
const stack = synth();

test('covers the domain and one level below it', () => {
  expect(stack.resource('aws_acm_certificate')).toMatchObject({
    domain_name: 'example.com',
    subject_alternative_names: ['*.example.com'],
  });
});

test('needs one provider and writes no record', () => {
  expect(stack.providers()).toHaveLength(1);
  expect(stack.count('aws_route53_record')).toBe(0);
});

test('publishes the certificate once it is issued', () => {
  expect(stack.outputs()).toEqual({
    certificateArn: stack.reference('aws_acm_certificate_validation', undefined, 'certificate_arn'),
  });
});

test('has the same addresses in every region', () => {
  expectTwins(stack, synth(ap));
});
