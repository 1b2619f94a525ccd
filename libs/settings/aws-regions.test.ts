import { awsRegions, firstZoneIds, isZoneIdOf } from './aws-regions';

test.each([
  ['us-east-1', ['use1-az1', 'use1-az2', 'use1-az4']],
  ['us-west-1', ['usw1-az1', 'usw1-az3']],
  ['ap-northeast-2', ['apne2-az1', 'apne2-az2', 'apne2-az3']],
  ['ap-southeast-1', ['apse1-az1', 'apse1-az2', 'apse1-az3']],
  ['ap-south-1', ['aps1-az1', 'aps1-az2', 'aps1-az3']],
  ['eu-central-1', ['euc1-az1', 'euc1-az2', 'euc1-az3']],
])('the first zones of %s are %j', (awsRegion, ids) => {
  expect(firstZoneIds(awsRegion)).toEqual(ids);
});

test('an id belongs to one region', () => {
  for (const awsRegion of awsRegions) {
    const [id] = firstZoneIds(awsRegion) as [string];
    expect([awsRegion, awsRegions.filter((other) => isZoneIdOf(other, id))]).toEqual([awsRegion, [awsRegion]]);
  }
});
