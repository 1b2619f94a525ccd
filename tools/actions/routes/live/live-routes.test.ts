import {
  AssociateTransitGatewayRouteTableCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateTransitGatewayCommand,
  CreateTransitGatewayRouteCommand,
  CreateTransitGatewayRouteTableCommand,
  CreateTransitGatewayVpcAttachmentCommand,
  CreateVpcCommand,
  EC2Client,
  EnableTransitGatewayRouteTablePropagationCommand,
} from '@aws-sdk/client-ec2';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { withEmulator } from '@platform/e2e/fixtures/with-emulator';
import { compareRoutes, differs } from './compare-routes';
import { liveRoutesTable, readAndCompare } from './check-live-routes';
import { promisedEntries, type EntryKind, type PromisedEntry } from './promised-routes';
import type { FoundEntry } from './read-tables';

const place = { role: 'network', awsRegion: 'us-east-1' } as const;
const credentials = { accessKeyId: 'a', secretAccessKey: 's' };

/** An entry that a stack promises. */
const entry = (kind: EntryKind, tableId: string, of: string, state?: 'active' | 'blackhole'): PromisedEntry => ({
  ...place,
  stack: 'shared-tgw-us',
  address: `${kind}.${of}`,
  kind,
  entry: { kind, tableId, of },
  ...(state ? { state } : {}),
});
const found = (kind: EntryKind, of: string, state: string, more: Partial<FoundEntry> = {}) => ({
  ...place,
  kind,
  tableId: 't',
  of,
  state,
  isStatic: true,
  ...more,
});

describe('the comparison', () => {
  const verdicts = (promised: PromisedEntry[], real: ReturnType<typeof found>[]) =>
    compareRoutes(promised, real, () => true).map(({ verdict, kind, of }) => `${verdict} ${kind} ${of}`);

  test.each<[string, PromisedEntry[], ReturnType<typeof found>[], string[]]>([
    ['as promised', [entry('association', 't', 'a')], [found('association', 'a', 'associated')], ['ok association a']],
    [
      'on its way',
      [entry('association', 't', 'a')],
      [found('association', 'a', 'disassociating')],
      ['wrong-state association a'],
    ],
    ['missing', [entry('association', 't', 'a')], [], ['missing association a']],
    ['of no stack', [], [found('route', '10.0.0.0/8', 'active')], ['unexpected route 10.0.0.0/8']],
    ['propagated by AWS', [], [found('route', '10.0.0.0/8', 'active', { isStatic: false })], []],
    [
      'a blackhole by plan',
      [entry('route', 't', '10.0.0.0/8', 'blackhole')],
      [found('route', '10.0.0.0/8', 'blackhole')],
      ['ok route 10.0.0.0/8'],
    ],
    [
      'a blackhole by accident',
      [entry('route', 't', '10.0.0.0/8', 'active')],
      [found('route', '10.0.0.0/8', 'blackhole')],
      ['wrong-state route 10.0.0.0/8'],
    ],
    [
      'a propagation without routes',
      [entry('propagation', 't', 'a')],
      [found('propagation', 'a', 'enabled')],
      ['ok propagation a', 'missing route from a'],
    ],
    [
      'a propagation with a route',
      [entry('propagation', 't', 'a')],
      [
        found('propagation', 'a', 'enabled'),
        found('route', '10.0.0.0/16', 'active', { isStatic: false, attachmentId: 'a' }),
      ],
      ['ok propagation a'],
    ],
  ])('%s', (_, promised, real, expected) => expect(verdicts(promised, real)).toEqual(expected));
});

test('entries come from the code, and their ids from the states', () => {
  const configuration = {
    resource: {
      aws_ec2_transit_gateway_route: {
        A: { destination_cidr_block: '10.0.0.0/8', blackhole: true, transit_gateway_route_table_id: '${x}' },
        B: { destination_cidr_block: '10.1.0.0/16', transit_gateway_route_table_id: '${x}' },
      },
      aws_route: { P: { destination_prefix_list_id: 'pl-1', route_table_id: '${x}' } },
    },
  };
  const stack = { stack: 'shared-tgw-us', account: 'network', awsRegion: 'us-east-1', aliases: [] } as const;
  const accounts = { network: '1', workload: '1', edge: '1', management: '1' };
  const attributes = { destination_cidr_block: '10.0.0.0/8', transit_gateway_route_table_id: 'tgw-rtb-1' };
  const state = {
    lineage: 'l',
    serial: 1,
    resources: [{ mode: 'managed', type: 'aws_ec2_transit_gateway_route', name: 'A', instances: [{ attributes }] }],
  };
  expect(promisedEntries([{ stack, configuration, accounts }], new Map([['shared-tgw-us', state]]))).toEqual([
    {
      ...place,
      stack: 'shared-tgw-us',
      address: 'aws_ec2_transit_gateway_route.A',
      kind: 'route',
      entry: { kind: 'route', tableId: 'tgw-rtb-1', of: '10.0.0.0/8' },
      state: 'blackhole',
    },
    { ...place, stack: 'shared-tgw-us', address: 'aws_ec2_transit_gateway_route.B', kind: 'route', state: 'active' },
  ]);
});

describe('a refused call', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(403, { 'content-type': 'text/xml' });
      response.end(
        '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>not allowed</Message></Error></Errors></Response>',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());

  test('is a finding, and what it would have shown is not called missing', async () => {
    const { port } = server.address() as AddressInfo;
    const client = new EC2Client({
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials,
      maxAttempts: 1,
    });
    const entries = await readAndCompare([entry('route', 't', '10.0.0.0/8', 'active')], () => Promise.resolve(client));
    expect(entries.map(({ verdict, expected }) => `${verdict}: ${expected}`)).toEqual([
      'unreadable: the right to call ec2:GetTransitGatewayRouteTableAssociations',
      'unreadable: the right to call ec2:GetTransitGatewayRouteTablePropagations',
      'unreadable: the right to call ec2:SearchTransitGatewayRoutes',
    ]);
    expect(entries.every(differs)).toBe(true);
    expect(liveRoutesTable(entries)).toContain('UnauthorizedOperation: not allowed');
  });
});

withEmulator('moto', (emulator) => {
  test('tables of an account are compared with what the estate promises', async () => {
    const client = new EC2Client({ region: 'us-east-1', endpoint: emulator().endpoint, credentials });
    const vpc = (await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc!.VpcId!;
    const subnet = (await client.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.0.0.0/24' }))).Subnet!
      .SubnetId!;
    const hub = (await client.send(new CreateTransitGatewayCommand({}))).TransitGateway!.TransitGatewayId!;
    const table = (await client.send(new CreateTransitGatewayRouteTableCommand({ TransitGatewayId: hub })))
      .TransitGatewayRouteTable!.TransitGatewayRouteTableId!;
    const attachment = (
      await client.send(
        new CreateTransitGatewayVpcAttachmentCommand({ TransitGatewayId: hub, VpcId: vpc, SubnetIds: [subnet] }),
      )
    ).TransitGatewayVpcAttachment!.TransitGatewayAttachmentId!;
    const ids = { TransitGatewayRouteTableId: table, TransitGatewayAttachmentId: attachment };
    await client.send(new AssociateTransitGatewayRouteTableCommand(ids));
    await client.send(new EnableTransitGatewayRouteTablePropagationCommand(ids));
    for (const DestinationCidrBlock of ['10.1.0.0/16', '10.9.0.0/16']) {
      await client.send(new CreateTransitGatewayRouteCommand({ ...ids, DestinationCidrBlock }));
    }
    const vpcTable = (await client.send(new CreateRouteTableCommand({ VpcId: vpc }))).RouteTable!.RouteTableId!;
    await client.send(
      new CreateRouteCommand({ RouteTableId: vpcTable, DestinationCidrBlock: '10.1.0.0/16', TransitGatewayId: hub }),
    );

    const entries = await readAndCompare(
      [
        entry('association', table, attachment),
        entry('route', table, '10.1.0.0/16', 'active'),
        entry('route', table, '10.2.0.0/16', 'active'),
        entry('vpc-route', vpcTable, '10.1.0.0/16', 'active'),
      ],
      () => Promise.resolve(client),
    );
    expect(entries.map(({ verdict, kind, of }) => `${verdict} ${kind} ${of}`)).toEqual([
      `ok association ${attachment}`,
      'ok route 10.1.0.0/16',
      'missing route 10.2.0.0/16',
      'ok vpc-route 10.1.0.0/16',
      `unexpected propagation ${attachment}`,
      'unexpected route 10.9.0.0/16',
    ]);
  });
});
