import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateNetworkAclCommand,
  CreateNetworkInterfaceCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeNetworkAclsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  CreateBucketCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { tableName } from '@platform/libs/data/names';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { bucketName } from '@platform/libs/settings/physical-names';
import { stateBucketName } from '@platform/libs/stack/state-location';
import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import { observe } from '@platform/tools/actions/failover/observe';
import { findGameDays } from '@platform/tools/actions/gameday/find-game-days';
import { runGameDay } from '@platform/tools/actions/gameday/run-game-day';
import { emulatorTarget } from '@platform/tools/emulator/emulator-target';
import type { FailoverView } from '@platform/tools/model/failover';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { findRoot } from '@platform/tools/workspace/find-root';
import { makeFailoverEstate, withoutRegion } from './failover-estate';

/*
 * Rehearsals of restores, of lost states and of the hybrid path, with the calls that they make on AWS. No emulator here
 * has Direct Connect's test of BGP, so a server answers as its API reference says.
 */

const { settings, regions } = loadEstate(useExampleWorkspace());
const environment = selectEnvironment(settings, 'prod');
const regionOf = (key: string) => regions.find((region) => region.key === key)!;
const [us, ap] = [regionOf('us'), regionOf('ap')];
jest.setTimeout(60_000);

const gameDays = findGameDays(findRoot(__dirname));
const gameDay = (name: string) => gameDays.find((each) => each.name === name)!;
const options = { prober: { url: 'http://127.0.0.1:9' }, limitSec: 40 };
const client = (endpoint: string, region: string) => ({
  region,
  endpoint,
  credentials: { accessKeyId: 'emulator', secretAccessKey: 'emulator' },
});

withEmulator('ministack', (emulator) => {
  const context = (changes: Partial<FailoverContext> = {}): FailoverContext => ({
    environment,
    regions,
    target: emulatorTarget(emulator()),
    ...changes,
  });
  const s3 = (region: string) => new S3Client({ ...client(emulator().endpoint, region), forcePathStyle: true });
  const makeBucket = async (Bucket: string, region: string, status: 'Enabled' | 'Suspended' = 'Enabled') => {
    await s3(region).send(new CreateBucketCommand({ Bucket }));
    await s3(region).send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: status } }));
  };
  beforeAll(() => makeFailoverEstate(emulator(), environment, [us, ap]));

  describe('table-restore', () => {
    const TableName = tableName(environment, Object.keys(environment.dataStores.tables)[0]!);
    const tables = () => new DynamoDBClient(client(emulator().endpoint, us.awsRegion));

    test('is refused by a table without point-in-time recovery, and leaves nothing', async () => {
      await tables().send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
          AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        }),
      );
      await tables().send(new PutItemCommand({ TableName, Item: { id: { S: 'one' } } }));
      const { verdict, problems } = await runGameDay(context(), gameDay('table-restore'), options);
      expect([verdict, problems]).toEqual(['stopped', [`${TableName}: point-in-time recovery is not enabled`]]);
    });

    test('restores beside the table, compares, and deletes the copy', async () => {
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      await tables().send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
      const result = await runGameDay(context(), gameDay('table-restore'), options);
      expect(result).toMatchObject({ verdict: 'held', problems: [], requests: 0 });
      expect(result.rpoSec).toBeGreaterThanOrEqual(0);
      expect(result.log.map(({ call }) => call.split(' ')[0])).toEqual([
        'dynamodb:RestoreTableToPointInTime',
        'dynamodb:DescribeTable',
        'dynamodb:DeleteTable',
      ]);
      const copy = tables().send(new DescribeTableCommand({ TableName: `${TableName}-rehearsal` }));
      await expect(copy).rejects.toThrow('not found');
      expect((await tables().send(new DescribeTableCommand({ TableName }))).Table?.TableStatus).toBe('ACTIVE');
    });
  });

  test('object-restore brings the first version back, and removes every version at the end', async () => {
    const Bucket = bucketName(environment, 'website', 'us');
    await makeBucket(Bucket, us.awsRegion);
    const result = await runGameDay(context(), gameDay('object-restore'), options);
    expect(result).toMatchObject({ verdict: 'held', problems: [] });
    const { Versions = [], DeleteMarkers = [] } = await s3(us.awsRegion).send(
      new ListObjectVersionsCommand({ Bucket }),
    );
    expect([...Versions, ...DeleteMarkers]).toEqual([]);
  });

  describe('state-lost', () => {
    const Bucket = stateBucketName(environment, 'ap');
    const put = (Body: string) =>
      s3(ap.awsRegion).send(new PutObjectCommand({ Bucket, Key: 'global-zone/terraform.tfstate', Body }));
    const rehearse = (changes: Partial<FailoverContext> = {}) =>
      runGameDay(context(changes), gameDay('state-lost'), options);

    test('is stopped by a missing copy, and by one that is not a state', async () => {
      await makeBucket(Bucket, ap.awsRegion);
      expect((await rehearse()).problems).toEqual([`${Bucket}: it has no copy of the state of a global stack`]);
      await put('<html>');
      expect((await rehearse()).problems).toEqual([`${Bucket}/global-zone/terraform.tfstate: it is not a state`]);
    });

    test('holds where the copies can be read', async () => {
      await put(JSON.stringify({ version: 4, serial: 3, lineage: 'a' }));
      expect(await rehearse()).toMatchObject({ verdict: 'held', problems: [] });
    });

    test('asks nothing of the home region, which does not answer', async () => {
      const lost = withoutRegion(emulator(), us.awsRegion);
      const asked = new Set<string>();
      const clientOptions: typeof lost.clientOptions = (role, region) => {
        asked.add(region);
        return lost.clientOptions(role, region);
      };
      const before = await observe(context());
      const acts = await gameDay('state-lost').acts({
        context: context({ target: { ...lost, clientOptions } }),
        before,
      });
      for (const { run } of acts) await run();
      expect([acts.length, [...asked]]).toEqual([2, [ap.awsRegion]]);
    });
  });

  test('traffic-control-dial is refused where traffic control moves no dial', async () => {
    const before = await observe(context());
    await expect(gameDay('traffic-control-dial').acts({ context: context(), before })).rejects.toThrow(
      'prod: traffic control moves no dial there',
    );
  });
});

withEmulator('moto', (emulator) => {
  test('resolver-zone-loss cuts off one of two subnets, and gives it back its network ACL', async () => {
    const ec2 = new EC2Client(client(emulator().endpoint, us.awsRegion));
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const VpcId = Vpc!.VpcId!;
    const { GroupId } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: 'prod-dns-inbound', Description: 'Resolver', VpcId }),
    );
    const subnets: string[] = [];
    const makeAddress = async (CidrBlock: string) => {
      const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock }));
      subnets.push(Subnet!.SubnetId!);
      await ec2.send(new CreateNetworkInterfaceCommand({ SubnetId: Subnet!.SubnetId, Groups: [GroupId!] }));
    };
    const aclOf = async (subnet: string) => {
      const Filters = [{ Name: 'association.subnet-id', Values: [subnet] }];
      return (await ec2.send(new DescribeNetworkAclsCommand({ Filters }))).NetworkAcls![0]!;
    };
    const before = { regions: [], database: { unknown: 'it is not asked' } } as FailoverView;
    const context: FailoverContext = { environment, regions, target: emulatorTarget(emulator()) };
    const acts = () => gameDay('resolver-zone-loss').acts({ context, before });

    await makeAddress('10.0.0.0/24');
    await expect(acts()).rejects.toThrow('has addresses in 1 subnets, and the loss of one needs two');
    await makeAddress('10.0.1.0/24');
    // Another network ACL of the VPC is not the one that is given back.
    await ec2.send(new CreateNetworkAclCommand({ VpcId }));
    const [first, second] = [...subnets].sort() as [string, string];
    const usual = (await aclOf(first)).NetworkAclId;
    const [act] = await acts();
    await act!.run();
    const cut = await aclOf(first);
    expect(cut.NetworkAclId).not.toBe(usual);
    expect(cut.Entries!.filter(({ RuleAction }) => RuleAction === 'allow')).toEqual([]);
    expect((await aclOf(second)).NetworkAclId).toBe(usual);
    await act!.undo!.run();
    expect((await aclOf(first)).NetworkAclId).toBe(usual);
    const all = (await ec2.send(new DescribeNetworkAclsCommand({}))).NetworkAcls!;
    expect(all.map(({ NetworkAclId }) => NetworkAclId)).not.toContain(cut.NetworkAclId);
  });
});

test('region-evacuation latches the region and takes its weight at every accelerator, and gives back what it was', async () => {
  const endpoint = (name: string, weight: number) =>
    ({ value: { groupArn: `${name}-us`, dialPercent: 100, weight, health: 'HEALTHY' } }) as const;
  const before: FailoverView = {
    database: { unknown: 'it is not asked' },
    regions: [
      {
        key: 'us',
        awsRegion: us.awsRegion,
        latchRegion: ap.awsRegion,
        fleets: { value: [] },
        latched: { value: false },
        endpoints: { prod: endpoint('prod', 128), 'prod-shop': endpoint('prod-shop', 100) },
      },
    ],
  };
  const context: FailoverContext = { environment, regions, target: { name: 'aws', clientOptions: jest.fn() } };
  const acts = await gameDay('region-evacuation').acts({ context, before });
  expect(acts.map(({ call, undo }) => [call, undo?.call])).toEqual([
    [
      'cloudwatch:PutMetricData Latched of us = 1 in ap-northeast-2',
      'cloudwatch:PutMetricData Latched of us = 0 in ap-northeast-2',
    ],
    [
      'globalaccelerator:UpdateEndpointGroup prod weight 0 of us in us-west-2',
      'globalaccelerator:UpdateEndpointGroup prod weight 128 of us in us-west-2',
    ],
    [
      'globalaccelerator:UpdateEndpointGroup prod-shop weight 0 of us in us-west-2',
      'globalaccelerator:UpdateEndpointGroup prod-shop weight 100 of us in us-west-2',
    ],
  ]);
});

describe('connection-down', () => {
  let server: Server;
  let state: 'available' | 'testing';
  const calls: string[] = [];
  beforeAll(async () => {
    state = 'available';
    server = createServer((request, response) => {
      const operation = String(request.headers['x-amz-target']).split('.')[1]!;
      calls.push(operation);
      if (operation === 'StartBgpFailoverTest') state = 'testing';
      if (operation === 'StopBgpFailoverTest') state = 'available';
      const ofOthers = {
        virtualInterfaceId: 'dxvif-0',
        virtualInterfaceName: 'other-one',
        virtualInterfaceState: 'available',
      };
      const own = { virtualInterfaceId: 'dxvif-1', virtualInterfaceName: 'prod-one', virtualInterfaceState: state };
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      request.resume().on('end', () => response.end(JSON.stringify({ virtualInterfaces: [ofOthers, own] })));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  test('puts BGP of an interface of the environment down until it is, and up again', async () => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const context: FailoverContext = {
      environment,
      regions,
      target: { name: 'emulator', clientOptions: (_, region) => Promise.resolve(client(endpoint, region)) },
    };
    const before = { regions: [], database: { unknown: 'it is not asked' } } as FailoverView;
    const [act] = await gameDay('connection-down').acts({ context, before });
    expect(act!.call).toBe('directconnect:StartBgpFailoverTest prod-one (dxvif-1) for 30 min in us-east-1');
    await act!.run();
    expect(state).toBe('testing');
    await act!.undo!.run();
    expect(state).toBe('available');
    expect(calls).toEqual([
      'DescribeVirtualInterfaces',
      'StartBgpFailoverTest',
      'DescribeVirtualInterfaces',
      'StopBgpFailoverTest',
    ]);
  });
});

describe('traffic-control-dial', () => {
  const accelerated = selectEnvironment(settings, 'prod', { level: 'accelerated' });
  const enforced = { ...accelerated, trafficControl: { ...accelerated.trafficControl, mode: 'enforce' as const } };
  const calls: string[] = [];
  let dial = 100;
  const xml = (action: string, body: string) =>
    `<${action}Response xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><${action}Result>${body}</${action}Result></${action}Response>`;
  const balancers: Record<string, string> = {
    DescribeLoadBalancers:
      '<LoadBalancers><member><LoadBalancerArn>balancer</LoadBalancerArn></member></LoadBalancers>',
    DescribeListeners: '<Listeners><member><ListenerArn>listener</ListenerArn><Port>443</Port></member></Listeners>',
    CreateRule: '<Rules><member><RuleArn>rule</RuleArn></member></Rules>',
    DeleteRule: '',
  };
  const groups = () => ({
    ListAccelerators: { Accelerators: [{ Name: 'prod', AcceleratorArn: 'accelerator' }] },
    ListListeners: { Listeners: [{ ListenerArn: 'listener' }] },
    ListEndpointGroups: {
      EndpointGroups: [{ EndpointGroupArn: 'us', EndpointGroupRegion: us.awsRegion, TrafficDialPercentage: dial }],
    },
  });
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const target = request.headers['x-amz-target'];
        const operation = target ? String(target).split('.')[1]! : (new URLSearchParams(body).get('Action') ?? '');
        const json = (groups() as Record<string, object>)[operation];
        const text = balancers[operation];
        if (text !== undefined) calls.push(operation);
        // Traffic control, which sees the errors.
        if (operation === 'CreateRule') dial = 75;
        response.writeHead(json || text !== undefined ? 200 : 400);
        response.end(json ? JSON.stringify(json) : text === undefined ? '' : xml(operation, text));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  test('lets the region answer 503 until its dial is lower, and then as before', async () => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const context: FailoverContext = {
      environment: enforced,
      regions,
      target: { name: 'emulator', clientOptions: (_, region) => Promise.resolve(client(endpoint, region)) },
    };
    const acts = await gameDay('traffic-control-dial').acts({ context, before: await observe(context) });
    expect(acts.map(({ call }) => call)).toEqual([
      'elasticloadbalancing:CreateRule 503 for api.example.com in us-east-1',
      'globalaccelerator:ListEndpointGroups until the dial of us is below 100 % in us-west-2',
    ]);
    const waiting = acts[1]!.run();
    let ended = false;
    void waiting.then(() => (ended = true));
    await observe(context);
    await observe(context);
    expect([ended, dial]).toEqual([false, 100]);
    await acts[0]!.run();
    await waiting;
    await acts[0]!.undo!.run();
    expect(calls).toEqual(['DescribeLoadBalancers', 'DescribeListeners', 'CreateRule', 'DeleteRule']);
  });
});
