import { recoverySteps, type RecoveryStep } from '@platform/libs/resilience/recovery';
import { checkSteps } from './find-dependencies';

const us = { key: 'us', awsRegion: 'us-east-1' };
const oregon = { key: 'oregon', awsRegion: 'us-west-2' };
const step = (changes: Partial<RecoveryStep>): RecoveryStep => ({
  path: 'apiReads',
  loss: 'region',
  call: 'route53:ChangeResourceRecordSets',
  service: 'route53',
  plane: 'control',
  region: 'surviving',
  actor: 'people',
  ...changes,
});

test('no step of the estate needs the region that is lost', () => {
  const found = [us, oregon].flatMap((lost) => checkSteps(lost, recoverySteps));
  expect(found.filter(({ declared }) => declared === null)).toEqual([]);
});

test.each([
  ['Route 53', us, step({}), 'step-on-global-control-plane'],
  ['IAM', us, step({ service: 'iam', call: 'iam:PutRolePolicy' }), 'step-on-global-control-plane'],
  [
    'CloudFront',
    us,
    step({ service: 'cloudfront', call: 'cloudfront:UpdateDistribution' }),
    'step-on-global-control-plane',
  ],
  [
    'Global Accelerator',
    oregon,
    step({ service: 'globalaccelerator', call: 'globalaccelerator:UpdateEndpointGroup' }),
    'step-on-global-control-plane',
  ],
  [
    'the lost region itself',
    us,
    step({ service: 'rds', region: 'us', call: 'rds:FailoverGlobalCluster' }),
    'step-in-lost-region',
  ],
])('finds a step that needs the API of %s', (_, lost, given, rule) => {
  expect(checkSteps(lost, [given])).toEqual([expect.objectContaining({ rule, declared: null })]);
});

test('accepts data planes, control planes of other regions, and steps with a reason', () => {
  expect(checkSteps(us, [step({ plane: 'data' })])).toEqual([]);
  expect(checkSteps(us, [step({ service: 'globalaccelerator' })])).toEqual([]);
  expect(checkSteps(us, [step({ because: 'it only saves money' })])).toEqual([
    expect.objectContaining({ declared: 'it only saves money' }),
  ]);
});
