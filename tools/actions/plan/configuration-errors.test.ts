import { isOfConfiguration } from './preview-stack';

const at = { severity: 'error', file: 'cdk.tf.json', line: 5, detail: '' } as const;

test.each([
  ['Extraneous JSON object property', 'No argument or block type is named "nonsense".'],
  ['Invalid resource type', 'The provider hashicorp/aws does not support resource type "aws_topic".'],
  ['expected cidr_block to contain a valid Value, got: 10.0.0.0', ''],
])('%s is of the configuration', (summary, detail) => {
  expect(isOfConfiguration({ ...at, summary, detail })).toBe(true);
});

test.each([
  ['Plugin did not respond', 'The plugin encountered an error, and failed to respond.'],
  ['Request cancelled', 'The plugin.(*GRPCProvider).PlanResourceChange request was cancelled.'],
  ['rpc error: code = Unavailable desc = error reading from server', ''],
  ['Provider produced invalid plan', 'This is a bug in the provider.'],
])('%s is of the provider, although it has a place in the configuration', (summary, detail) => {
  expect(isOfConfiguration({ ...at, summary, detail })).toBe(false);
});

test('what has no place in the configuration may be of anything', () => {
  expect(isOfConfiguration({ severity: 'error', summary: 'Invalid value', detail: '' })).toBe(false);
});
