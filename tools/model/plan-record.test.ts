import { formatProblem } from '@platform/libs/settings/problem';
import { whatDiffers, type FoundBinding } from './plan-record';

const recorded: FoundBinding = {
  stack: 'region-us-vpc',
  target: 'aws',
  environment: 'prod',
  terraform: '1.11.4',
  plan: { 'plan.tfplan': 'a' },
  files: { 'cdk.tf.json': 'b', 'assets/x.zip': 'c' },
  folder: { 'cdk.tf.json': 'b', 'assets/x.zip': 'c' },
  state: { lineage: 'l', serial: 3 },
  upstream: { 'global-zone': { id: 'd' } },
};
const differs = (now: Partial<FoundBinding>) => whatDiffers(recorded, { ...recorded, ...now }).map(formatProblem);

test('a plan of which nothing has changed may be applied', () => {
  expect(differs({})).toEqual([]);
});

test.each<[string, Partial<FoundBinding>, string]>([
  [
    'one byte of the plan file',
    { plan: { 'plan.tfplan': 'x' } },
    'plan file: plan.tfplan was changed since the plan was made',
  ],
  ['the configuration', { files: { ...recorded.files, 'cdk.tf.json': 'x' } }, 'configuration: cdk.tf.json was changed'],
  [
    'a file in the folder of the stack',
    { folder: { ...recorded.folder, 'assets/x.zip': 'x' } },
    "the stack's folder: assets/x.zip was changed",
  ],
  ['an asset that is gone', { files: { 'cdk.tf.json': 'b' } }, 'assets/x.zip was removed'],
  ['an asset that is new', { files: { ...recorded.files, y: 'y' } }, 'y was added'],
  ['the serial of the state', { state: { lineage: 'l', serial: 4 } }, '(serial 4 instead of 3)'],
  ['the lineage of the state', { state: { lineage: 'm', serial: 3 } }, '(lineage m instead of l)'],
  ['a state that is gone', { state: null }, 'state: it does not exist any more; it had serial 3'],
  [
    'another stack, whose plan was put there',
    { stack: 'region-ap-vpc' },
    'region-ap-vpc: stack: the plan is for region-us-vpc, and this is region-ap-vpc; plan for region-ap-vpc',
  ],
  ['the target', { target: 'emulator' }, 'target: the plan is for aws, and this is emulator; plan for emulator'],
  ['the environment', { environment: 'staging' }, 'environment: the plan is for prod, and this is staging'],
  ['Terraform', { terraform: '1.12.0' }, 'the plan was made by 1.11.4, and this is 1.12.0; use 1.11.4, or plan'],
  ['a value of another stack', { upstream: { 'global-zone': { id: 'x' } } }, 'global-zone has another id than'],
])('%s refuses it', (_, now, message) => {
  const problems = differs(now);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(message);
});

test('a first plan is refused once there is a state', () => {
  const first = { ...recorded, state: null };
  expect(whatDiffers(first, recorded).map(formatProblem)).toEqual([
    'region-us-vpc: state: there was none, and now there is one (serial 3); plan region-us-vpc again',
  ]);
});

test('everything that differs is said at once', () => {
  expect(differs({ state: null, plan: {}, environment: 'staging' })).toHaveLength(3);
});

test('values that the plan does not use may change', () => {
  expect(differs({ upstream: { 'global-zone': { id: 'd', more: 'e' }, other: { id: 'f' } } })).toEqual([]);
});
