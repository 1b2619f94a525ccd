import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LiveTarget } from '@platform/tools/aws/live-target';
import { findWriter, type DatabaseMember } from './database-writer';

/** Answers of RDS's query API, as https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/ shows them. */
const answers: Record<string, string> = {};
const asked: { action: string; id: string; region: string }[] = [];
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = new URLSearchParams(Buffer.concat(chunks).toString());
    const id = body.get('GlobalClusterIdentifier') ?? body.get('DBInstanceIdentifier') ?? '';
    const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const action = body.get('Action') ?? '';
    asked.push({ action, id, region });
    const result = answers[id] ?? '';
    response.setHeader('content-type', 'text/xml');
    response.end(
      `<${action}Response xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><${action}Result>${result}</${action}Result></${action}Response>`,
    );
  });
});
let target: LiveTarget;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const cloudWatch = async (region: string) => new CloudWatchClient({ region, endpoint, credentials });
  target = { cloudWatch } as unknown as LiveTarget;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => (asked.length = 0));

const member = (stack: string, awsRegion: string, type: string, attributes: object): DatabaseMember => ({
  stack,
  awsRegion,
  state: { resources: [{ mode: 'managed', type, name: 'X', instances: [{ attributes }] }] },
});

test('the writer of a global cluster is the member that RDS names, whatever the states say', async () => {
  const global = { global_cluster_identifier: 'orders' };
  const members = [
    member('region-us-aurora', 'us-east-1', 'aws_rds_cluster', global),
    member('region-ap-aurora', 'ap-northeast-2', 'aws_rds_cluster', global),
  ];
  const of = (region: string, isWriter: boolean) =>
    `<GlobalClusterMember><DBClusterArn>arn:aws:rds:${region}:111111111111:cluster:orders</DBClusterArn><IsWriter>${isWriter}</IsWriter></GlobalClusterMember>`;
  const cluster = (...parts: string[]) =>
    `<GlobalClusters><GlobalClusterMember><GlobalClusterIdentifier>orders</GlobalClusterIdentifier><GlobalClusterMembers>${parts.join('')}</GlobalClusterMembers></GlobalClusterMember></GlobalClusters>`;
  answers['orders'] = cluster(of('us-east-1', false), of('ap-northeast-2', true));
  expect(await findWriter(target, members)).toBe('region-ap-aurora');
  expect(asked).toEqual([{ action: 'DescribeGlobalClusters', id: 'orders', region: 'us-east-1' }]);
  answers['orders'] = cluster(of('us-east-1', true), of('ap-northeast-2', false));
  expect(await findWriter(target, members)).toBe('region-us-aurora');
});

test('the writer of instances is the one that follows no other', async () => {
  const instance = (source?: string) =>
    `<DBInstances><DBInstance><DBInstanceIdentifier>x</DBInstanceIdentifier>${source ? `<ReadReplicaSourceDBInstanceIdentifier>${source}</ReadReplicaSourceDBInstanceIdentifier>` : ''}</DBInstance></DBInstances>`;
  const members = [
    member('region-us-db', 'us-east-1', 'aws_db_instance', { identifier: 'orders-us' }),
    member('region-ap-db', 'ap-northeast-2', 'aws_db_instance', { identifier: 'orders-ap' }),
  ];
  answers['orders-us'] = instance('arn:aws:rds:ap-northeast-2:111111111111:db:orders-ap');
  answers['orders-ap'] = instance();
  expect(await findWriter(target, members)).toBe('region-ap-db');
  expect(asked.map(({ region }) => region)).toEqual(['us-east-1', 'ap-northeast-2']);
});

test('RDS is not asked where no stack has a database', async () => {
  expect(await findWriter(target, [member('region-us-vpc', 'us-east-1', 'aws_vpc', { id: 'vpc-1' })])).toBeUndefined();
  expect(asked).toEqual([]);
});
