import { defineContract, list, map, text } from '@platform/libs/contract/contract';
import { missingEntries, outputsAsState, upstreamValues } from './upstream-values';

const contract = defineContract({
  stack: 'region-us-vpc',
  project: 'region-us/vpc',
  stateRegion: { key: 'us', awsRegion: 'us-east-1' },
  fields: {
    vpcId: text('Id', 'vpc-0e'),
    subnetIds: list('Subnets', ['subnet-0e']),
    tableIds: map('Tables', { prod: 'tgw-rtb-0e' }),
  },
});

test('a value that the plan knows goes before the example', () => {
  expect(upstreamValues(contract, { vpcId: 'vpc-1' })).toEqual({
    vpcId: { value: 'vpc-1', source: 'planned' },
    subnetIds: { value: ['subnet-0e'], source: 'example' },
    tableIds: { value: { prod: 'tgw-rtb-0e' }, source: 'example' },
  });
});

test('the state file carries each value with its Terraform type', () => {
  expect(outputsAsState(upstreamValues(contract))).toMatchObject({
    version: 4,
    outputs: {
      vpcId: { value: 'vpc-0e', type: 'string' },
      subnetIds: { value: ['subnet-0e'], type: ['list', 'string'] },
      tableIds: { value: { prod: 'tgw-rtb-0e' }, type: ['map', 'string'] },
    },
  });
});

test('entries that a configuration reads of maps and that these lack, each once', () => {
  const of = (path: string) => `\${data.terraform_remote_state.region-us-vpc.outputs.${path}}`;
  const upstream = new Map([['region-us-vpc', upstreamValues(contract, { tableIds: { prod: 'rtb-1' } })]]);
  const read = (...paths: string[]) => missingEntries({ resource: { aws_x: { Y: { z: paths.map(of) } } } }, upstream);
  expect(read('tableIds.prod', 'vpcId', 'subnetIds', 'subnetIds[0]', 'tableIds')).toEqual([]);
  expect(read('tableIds.test', 'tableIds["on-premises"]', 'tableIds.test')).toEqual([
    { stack: 'region-us-vpc', field: 'tableIds', key: 'test' },
    { stack: 'region-us-vpc', field: 'tableIds', key: 'on-premises' },
  ]);
});
