import { defineContract, list, map, sensitiveText, text } from '@platform/libs/contract/contract';
import type { Configuration } from './configuration';
import { configuredValues, headValues } from './configured-values';
import { MADE_UP } from './state-of-plan';

const contract = defineContract({
  stack: 'network',
  project: 'region-us/network',
  stateRegion: { key: 'us', awsRegion: 'us-east-1' },
  fields: {
    vpcId: text('Id', 'vpc-0000000000000000f'),
    cidr: text('Range', '192.0.2.0/24'),
    subnetIds: list('Ids', ['subnet-1', 'subnet-2']),
    groups: map('Names by colour', { blue: 'example-blue', green: 'example-green' }),
    token: sensitiveText('Token', 'example-token'),
  },
});
const configuration: Configuration = {
  locals: { range: '10.0.0.0/16' },
  resource: {
    aws_vpc: { Main: { cidr_block: '${local.range}' } },
    aws_autoscaling_group: { Blue: { name: 'prod-blue' }, Green: {} },
  },
  output: {
    vpcId: { value: '${aws_vpc.Main.id}' },
    cidr: { value: '${aws_vpc.Main.cidr_block}' },
    subnetIds: { value: ['${aws_subnet.A.id}', 'subnet-9'] },
    groups: { value: { blue: '${aws_autoscaling_group.Blue.name}', green: '${aws_autoscaling_group.Green.name}' } },
    token: { value: 'real' },
  },
};
const valuesOf = (values: ReturnType<typeof configuredValues>) =>
  Object.fromEntries(Object.entries(values).map(([name, { value }]) => [name, value]));

test('takes what the configuration tells through references, else the example, entry by entry', () => {
  expect(valuesOf(configuredValues(contract, configuration))).toEqual({
    vpcId: 'vpc-0000000000000000f',
    cidr: '10.0.0.0/16',
    subnetIds: ['subnet-1', 'subnet-9'],
    groups: { blue: 'prod-blue', green: 'example-green' },
    token: 'example-token',
  });
});

test('gives readers of head the values of base, but for what the plan changes', () => {
  const base = configuredValues(contract, configuration);
  const ids = (last: string) => [`${MADE_UP}-a-id`, `${MADE_UP}-${last}-id`];
  const given = (output_changes: object) =>
    valuesOf(headValues({ contract, base, configured: base, plan: { output_changes } as never }));
  expect(given({ vpcId: { actions: ['no-op'], before: 'x', after: 'x' } })).toEqual(valuesOf(base));
  expect(
    given({
      vpcId: { actions: ['update'], before: `${MADE_UP}-id`, after_unknown: true },
      cidr: { actions: ['update'], before: '10.0.0.0/16', after: '10.2.0.0/16', after_unknown: false },
      subnetIds: { actions: ['update'], before: ids('b'), after: ids('c'), after_unknown: false },
    }),
  ).toEqual({
    ...valuesOf(base),
    vpcId: 'vpc-0000000000000000a',
    cidr: '10.2.0.0/16',
    subnetIds: ['subnet-1', 'subnet-0'],
  });
});
