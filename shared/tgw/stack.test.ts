import { Testing, type App, type TerraformStack } from 'cdktf';
import type { Environment } from '@platform/libs/settings/environment';
import type { ExternalAttachment } from '@platform/libs/settings/external-attachments';
import type { RegionSettings } from '@platform/libs/settings/region';
import { stateBucketName } from '@platform/libs/stack/state-location';
import { exampleEnvironment, exampleOnPremises, exampleRegionsOfBoth } from '@platform/libs/testing/example-settings';
import { synthStack } from '@platform/libs/testing/synth-stack';
import type { Block, SynthesisedStack } from '@platform/libs/testing/synthesised-stack';
import { vpcContract } from '@platform/libs/vpc/contract';
import { regions as ownRegions } from '@platform/shared/regions';
import { attachedVpcs } from './attachments';
import { tgwContract, tgwLinkContract } from './contract';
import { addMesh } from './mesh';

const regions: readonly RegionSettings[] = exampleRegionsOfBoth;
const [us, ap] = exampleRegionsOfBoth;
const eu: RegionSettings = {
  ...us,
  key: 'eu',
  awsRegion: 'eu-west-1',
  role: 'standby',
  zones: ['euw1-az1', 'euw1-az2'],
  asn: 64514,
  maintenanceWindow: 'fri:18:00-fri:21:00',
  cidrs: { prod: '10.8.0.0/14', staging: '10.72.0.0/14' },
  inspectionCidrs: { prod: '10.11.248.0/21', staging: '10.75.248.0/21' },
  vpcs: {
    vpc: { cidrs: { prod: '10.8.0.0/16', staging: '10.72.0.0/16' } },
    lab: { segment: 'nonprod', cidrs: { prod: '10.9.0.0/16', staging: '10.73.0.0/16' } },
    tools: { segment: 'shared', cidrs: { prod: '10.10.0.0/16', staging: '10.74.0.0/16' } },
  },
};
const acme: ExternalAttachment = {
  name: 'acme',
  account: '999999999999',
  region: 'us',
  segment: 'partner',
  cidr: '172.16.0.0/24',
  attachmentId: 'tgw-attach-0123456789abcdef0',
};

const vpcCidr = ({ vpcs }: RegionSettings, environment = 'prod') => vpcs['vpc']!.cidrs[environment]!;
const prod = exampleEnvironment({ onPremises: exampleOnPremises });
const addAll = (app: App, environment: Environment, among: readonly RegionSettings[]) =>
  addMesh(app, environment, among, [
    ...attachedVpcs,
    ...Object.keys(eu.vpcs).map((name) => ({ region: 'eu', name, contract: vpcContract(eu, name) })),
  ]);

const synthesised = new Map<string, SynthesisedStack>();
/** One stack of the mesh, synthesised once for all tests. */
function stackNamed(name: string, environment: Environment, among: readonly RegionSettings[]): SynthesisedStack {
  const key = JSON.stringify([name, environment, among]);
  const stack =
    synthesised.get(key) ??
    synthStack((app) => {
      addAll(app, environment, among);
      return app.node.findChild(name) as TerraformStack;
    });
  synthesised.set(key, stack);
  return stack;
}
const stackNames = (among: readonly RegionSettings[]) => {
  const app = Testing.app();
  addAll(app, prod, among);
  return app.node.children.map(({ node }) => node.id);
};
const hub = (environment = prod, among = regions, key = 'us') => stackNamed(`shared-tgw-${key}`, environment, among);
const link = (environment = prod, among = regions, keys = 'us-ap') =>
  stackNamed(`shared-tgw-link-${keys}`, environment, among);

/** Routes of a segment's table in the Transit Gateway's stack: destination to blackhole or attachment. */
const routesOf = (stack: SynthesisedStack, table: string): Record<string, string> =>
  Object.fromEntries(
    stack
      .resources('aws_ec2_transit_gateway_route')
      .filter((route) => route.transit_gateway_route_table_id === tableId(stack, table))
      .map((route) => [
        route.destination_cidr_block,
        route.blackhole ? 'blackhole' : route.transit_gateway_attachment_id,
      ]),
  );
const propagatedTo = (stack: SynthesisedStack, table: string): string[] =>
  stack
    .resources('aws_ec2_transit_gateway_route_table_propagation')
    .filter((propagation) => propagation.transit_gateway_route_table_id === tableId(stack, table))
    .map((propagation) => propagation.transit_gateway_attachment_id);
const tableId = (stack: SynthesisedStack, table: string) =>
  stack.reference('aws_ec2_transit_gateway_route_table', `${table}/Table`);
const attachment = (stack: SynthesisedStack, vpc = 'Vpc') =>
  stack.reference('aws_ec2_transit_gateway_vpc_attachment', `Attachment${vpc}/Attachment`);

/** Construct paths of all resources, sorted. */
const paths = (stack: SynthesisedStack): string[] =>
  Object.entries(stack.json.resource!)
    .flatMap(([type, blocks]) =>
      Object.values(blocks).map((block) => `${type} ${(block['//'].metadata.path as string).replace(/^[^/]+\//, '')}`),
    )
    .sort();

describe('stacks', () => {
  test('one region has a Transit Gateway and no link', () => {
    expect(stackNames([us])).toEqual(['shared-tgw-us']);
  });

  test('regions are linked in pairs, in the order of the list', () => {
    expect(stackNames([us, ap, eu])).toEqual([
      'shared-tgw-us',
      'shared-tgw-ap',
      'shared-tgw-eu',
      'shared-tgw-link-us-ap',
      'shared-tgw-link-us-eu',
      'shared-tgw-link-ap-eu',
    ]);
  });

  test('every VPC of every region is attached', () => {
    for (const { key, vpcs } of ownRegions) {
      const listed = attachedVpcs.filter(({ region }) => region === key).map(({ name }) => name);
      expect([key, listed.sort()]).toEqual([key, Object.keys(vpcs).sort()]);
    }
  });

  test('name a VPC that is missing in the list', () => {
    const extra = { ...us, vpcs: { ...us.vpcs, extra: { cidrs: { prod: '10.1.0.0/16' } } } };
    expect(() => stackNames([extra])).toThrow(
      'shared/tgw/attachments.ts: the VPC "extra" of region-us/region.ts is not in the list; add its contract',
    );
  });

  test('publish the fields of their contracts', () => {
    expect(Object.keys(hub().outputs()).sort()).toEqual(Object.keys(tgwContract(us, prod).fields).sort());
    expect(Object.keys(link().outputs())).toEqual(Object.keys(tgwLinkContract(us, ap).fields));
    const { routeTableIds, vpcAttachmentIds } = hub().outputs();
    expect(Object.keys(routeTableIds)).toEqual(Object.keys(tgwContract(us, prod).fields.routeTableIds.example));
    expect(Object.keys(vpcAttachmentIds)).toEqual(Object.keys(tgwContract(us, prod).fields.vpcAttachmentIds.example));
  });

  test('Transit Gateways know one region, links know two', () => {
    expect(
      hub()
        .providers()
        .map(({ region }) => region),
    ).toEqual([us.awsRegion]);
    expect(
      link()
        .providers()
        .map(({ region, alias }) => [region, alias]),
    ).toEqual([
      [us.awsRegion, undefined],
      [ap.awsRegion, 'ap'],
    ]);
  });

  test('of counterpart regions have equal resources, except that each names the other regions', () => {
    const named = (key: string, other: string) =>
      paths(hub(prod, regions, key)).map((path) => path.replace(other, 'Peer'));
    expect(named('us', 'Ap').sort()).toEqual(named('ap', 'Us').sort());
    expect(paths(link(prod, [us, ap]))).toEqual(paths(link(prod, [us, ap].reverse(), 'ap-us')));
  });
});

describe('a Transit Gateway', () => {
  test('has its own ASN, and connects no attachments by default', () => {
    const asns = regions.map(({ key }) => hub(prod, regions, key).resource('aws_ec2_transit_gateway').amazon_side_asn);
    expect(asns).toEqual(regions.map(({ asn }) => asn));
    expect(hub().resource('aws_ec2_transit_gateway')).toMatchObject({
      default_route_table_association: 'disable',
      default_route_table_propagation: 'disable',
      auto_accept_shared_attachments: 'disable',
      multicast_support: 'disable',
      dns_support: 'enable',
      vpn_ecmp_support: 'enable',
    });
  });

  test('has a table for each segment, for on-premises and for other regions', () => {
    const names = hub()
      .resources('aws_ec2_transit_gateway_route_table')
      .map(({ tags }) => tags.Name)
      .sort();
    expect(names).toEqual(
      [...Object.keys(prod.segments), 'on-premises', 'peering'].map((table) => `prod-hub-${table}`).sort(),
    );
  });

  test("attaches VPCs in their transit subnets, outside AWS's default tables, without appliance mode", () => {
    const stack = hub();
    expect(stack.resource('aws_ec2_transit_gateway_vpc_attachment')).toMatchObject({
      transit_gateway_id: stack.reference('aws_ec2_transit_gateway'),
      vpc_id: '${data.terraform_remote_state.region-us-vpc.outputs.vpcId}',
      subnet_ids: '${data.terraform_remote_state.region-us-vpc.outputs.transitSubnetIds}',
      appliance_mode_support: 'disable',
      transit_gateway_default_route_table_association: false,
      transit_gateway_default_route_table_propagation: false,
    });
  });

  test('associates each VPC with the table of its segment', () => {
    const stack = hub(prod, [us, ap, eu], 'eu');
    const entered = Object.fromEntries(
      stack
        .resources('aws_ec2_transit_gateway_route_table_association')
        .map((association) => [association.transit_gateway_attachment_id, association.transit_gateway_route_table_id]),
    );
    expect(entered).toEqual({
      [attachment(stack, 'Vpc')]: tableId(stack, 'ProdTable'),
      [attachment(stack, 'Lab')]: tableId(stack, 'NonprodTable'),
      [attachment(stack, 'Tools')]: tableId(stack, 'SharedTable'),
    });
    expect(stack.count('aws_ec2_transit_gateway_route_table_association')).toBe(3);
  });

  test('isolates prod from nonprod in its own region', () => {
    const stack = hub(prod, [us, ap, eu], 'eu');
    expect(propagatedTo(stack, 'ProdTable')).toEqual([attachment(stack, 'Tools'), attachment(stack, 'Vpc')]);
    expect(propagatedTo(stack, 'NonprodTable')).toEqual([attachment(stack, 'Lab'), attachment(stack, 'Tools')]);
    expect(routesOf(stack, 'ProdTable')['10.9.0.0/16']).toBe('blackhole');
    expect(routesOf(stack, 'NonprodTable')['10.8.0.0/16']).toBe('blackhole');
  });

  test('drops unallocated ranges and other environments', () => {
    for (const table of ['ProdTable', 'PartnerTable', 'PeeringTable', 'OnPremisesTable']) {
      expect(routesOf(hub(), table)).toMatchObject({
        [us.cidrs['prod']!]: 'blackhole',
        [us.cidrs['staging']!]: 'blackhole',
        [ap.cidrs['prod']!]: 'blackhole',
        [ap.cidrs['staging']!]: 'blackhole',
      });
    }
  });

  test('has no default route and no summary route', () => {
    const cidrs = hub(prod, [us, ap, eu])
      .resources('aws_ec2_transit_gateway_route')
      .filter(({ blackhole }) => !blackhole);
    expect(cidrs).toEqual([]);
  });

  test('is a route target of the application tables of every zone, and of no other table', () => {
    const routes = hub().resources('aws_route');
    const targets = routes.map((route) => [route.route_table_id, route.destination_cidr_block]);
    const tables = us.zones.map(
      (_, zone) => `\${element(data.terraform_remote_state.region-us-vpc.outputs.appRouteTableIds, ${zone})}`,
    );
    const ranges = [us.cidrs['prod'], ap.cidrs['prod'], ...(prod.onPremises?.cidrs ?? [])];
    expect(targets.sort()).toEqual(tables.flatMap((table) => ranges.map((range) => [table, range])).sort());
    // AWS refuses the route before the attachment exists.
    expect(routes.every((route) => route.depends_on.length === 1)).toBe(true);
  });

  test('logs its flows with the retention of the environment', () => {
    expect(hub().resource('aws_flow_log').transit_gateway_id).toBe(hub().reference('aws_ec2_transit_gateway'));
    const days = (retentionDays: number) =>
      hub({ ...prod, flowLogs: { ...prod.flowLogs, retentionDays } }).resource('aws_s3_bucket_lifecycle_configuration')
        .rule[0].expiration;
    expect([days(30), days(7)]).toEqual([[{ days: 30 }], [{ days: 7 }]]);
  });

  test('is shared with no account that attaches no VPC of its own', () => {
    expect(hub().count('aws_ram_resource_share')).toBe(0);
    const externalAttachments = [
      { name: 'acme', account: '999999999999', region: 'us', segment: 'partner', cidr: '172.16.0.0/24' },
    ];
    const shared = hub({ ...prod, externalAttachments }).resources('aws_ram_principal_association');
    expect(shared.map(({ principal }) => principal)).toEqual(['999999999999']);
  });

  test('knows nothing of on-premises if there is none', () => {
    const { onPremises: _, ...cloudOnly } = prod;
    const stack = hub(cloudOnly);
    expect(paths(stack).filter((path) => /on-?premises/i.test(path))).toEqual([]);
    expect(Object.keys(stack.outputs().routeTableIds)).toEqual(Object.keys(prod.segments));
  });
});

describe('a VPC of another account', () => {
  const partnered = { ...prod, externalAttachments: [acme] };

  test('is accepted by its id, associated with its segment, and routed by the agreed range only', () => {
    const stack = hub(partnered, [us, ap, eu]);
    const accepted = stack.reference('aws_ec2_transit_gateway_vpc_attachment_accepter');
    expect(stack.resource('aws_ec2_transit_gateway_vpc_attachment_accepter')).toMatchObject({
      transit_gateway_attachment_id: acme.attachmentId,
      transit_gateway_default_route_table_association: false,
      transit_gateway_default_route_table_propagation: false,
    });
    expect(
      stack.resource('aws_ec2_transit_gateway_route_table_association', 'PartnerTable/AssociationExternalAcme'),
    ).toEqual({
      transit_gateway_attachment_id: accepted,
      transit_gateway_route_table_id: tableId(stack, 'PartnerTable'),
    });
    const propagated = stack
      .resources('aws_ec2_transit_gateway_route_table_propagation')
      .filter((propagation) => propagation.transit_gateway_attachment_id === accepted);
    expect(propagated).toEqual([]);
    expect(routesOf(stack, 'SharedTable')[acme.cidr]).toBe(accepted);
    // The shared VPC of another region reaches it through the peering.
    expect(routesOf(stack, 'PeeringTable')[acme.cidr]).toBe(accepted);
    for (const table of ['ProdTable', 'NonprodTable', 'PartnerTable', 'OnPremisesTable']) {
      expect([table, routesOf(stack, table)[acme.cidr]]).toEqual([table, 'blackhole']);
    }
  });

  test('is invited before its id is known, and nothing is routed to it', () => {
    const { attachmentId: _, ...pending } = acme;
    const stack = hub({ ...prod, externalAttachments: [pending] });
    expect(stack.resource('aws_ram_resource_share', 'External/Share/Share').allow_external_principals).toBe(true);
    expect(stack.resource('aws_ram_principal_association', 'External/Share/Acme').principal).toBe(acme.account);
    expect(stack.count('aws_ec2_transit_gateway_vpc_attachment_accepter')).toBe(0);
    expect(routesOf(stack, 'SharedTable')[acme.cidr]).toBe('blackhole');
  });

  test('changes its own region only', () => {
    expect(hub(partnered, regions, 'ap').count('aws_ec2_transit_gateway_vpc_attachment_accepter')).toBe(0);
    expect(hub(partnered, regions, 'ap').count('aws_ram_resource_share')).toBe(0);
  });
});

describe('a link', () => {
  const isAt = (key: string) => (block: Block) => block.provider === (key === 'us' ? 'aws' : `aws.${key}`);
  const routesAt = (stack: SynthesisedStack, key: string) =>
    stack
      .resources('aws_ec2_transit_gateway_route')
      .filter(isAt(key))
      .filter(({ blackhole }) => !blackhole)
      .map((route) => [
        /routeTableIds(?:\.|\[")([\w-]+)/.exec(route.transit_gateway_route_table_id)![1],
        route.destination_cidr_block,
      ])
      .sort();

  test('is requested by the first region and accepted by the second', () => {
    const stack = link();
    expect(stack.resource('aws_ec2_transit_gateway_peering_attachment')).toMatchObject({
      provider: 'aws',
      peer_region: ap.awsRegion,
      peer_account_id: prod.accounts.network,
      transit_gateway_id: '${data.terraform_remote_state.shared-tgw-us.outputs.transitGatewayId}',
      peer_transit_gateway_id: '${data.terraform_remote_state.shared-tgw-ap.outputs.transitGatewayId}',
    });
    expect(stack.resource('aws_ec2_transit_gateway_peering_attachment_accepter')).toMatchObject({
      provider: 'aws.ap',
      transit_gateway_attachment_id: stack.reference('aws_ec2_transit_gateway_peering_attachment'),
    });
  });

  test('is associated with the table for other regions at both ends, after the acceptance', () => {
    const associations = link().resources('aws_ec2_transit_gateway_route_table_association');
    expect(
      associations.map((association) => [association.provider, association.transit_gateway_route_table_id]),
    ).toEqual([
      ['aws.ap', '${data.terraform_remote_state.shared-tgw-ap.outputs.peeringRouteTableId}'],
      ['aws', '${data.terraform_remote_state.shared-tgw-us.outputs.peeringRouteTableId}'],
    ]);
    for (const block of [...associations, ...link().resources('aws_ec2_transit_gateway_route')]) {
      expect(block.depends_on).toEqual([expect.stringMatching(/peering_attachment_accepter/)]);
    }
  });

  test('carries each network of the other region to the segments that reach it, and no range', () => {
    const stack = link(prod, [us, ap, eu], 'us-eu');
    expect(routesAt(stack, 'us')).toEqual([
      ['nonprod', '10.10.0.0/16'],
      ['nonprod', '10.9.0.0/16'],
      ['partner', '10.10.0.0/16'],
      ['prod', '10.10.0.0/16'],
      ['prod', '10.8.0.0/16'],
      ['shared', '10.10.0.0/16'],
      ['shared', '10.8.0.0/16'],
      ['shared', '10.9.0.0/16'],
    ]);
    expect(routesAt(stack, 'eu')).toEqual([
      ['prod', vpcCidr(us)],
      ['shared', vpcCidr(us)],
    ]);
  });

  test('drops, in every table, each network of the other region that its senders may not reach', () => {
    const stack = link(prod, [us, ap, eu], 'us-eu');
    const tables = (cidr: string, key: string) =>
      stack
        .resources('aws_ec2_transit_gateway_route')
        .filter(isAt(key))
        .filter((route) => route.destination_cidr_block === cidr)
        .map((route) =>
          /(?:peeringRouteTableId|routeTableIds(?:\.|\[")([\w-]+))/.exec(route.transit_gateway_route_table_id),
        )
        .map((match) => match![1] ?? 'peering')
        .sort();
    const all = [
      ...Object.keys(prod.segments).filter((name) => name !== 'inspection'),
      'on-premises',
      'peering',
    ].sort();
    for (const { cidrs } of Object.values(eu.vpcs)) expect(tables(cidrs['prod']!, 'us')).toEqual(all);
    expect(tables(vpcCidr(us), 'eu')).toEqual(all);
  });

  test('has no route to on-premises or a third region', () => {
    const cidrs = link(prod, [us, ap, eu])
      .resources('aws_ec2_transit_gateway_route')
      .map((route) => route.destination_cidr_block);
    expect([...new Set(cidrs)].sort()).toEqual([vpcCidr(us), vpcCidr(ap)].sort());
  });

  test('keeps its state with the first region', () => {
    expect(link().json.terraform!.backend.s3).toMatchObject({
      bucket: stateBucketName(prod, 'us'),
      key: 'shared-tgw-link-us-ap/terraform.tfstate',
      region: us.awsRegion,
    });
  });
});

describe('at level inspected', () => {
  const inspected: Environment = { ...prod, level: 'inspected' };
  const inspection = (stack: SynthesisedStack) => attachment(stack, 'Inspection');

  test('the inspection VPC is attached in appliance mode with its own table, the VPCs as before', () => {
    const stack = hub(inspected);
    const modes = (id: string) =>
      stack.resource('aws_ec2_transit_gateway_vpc_attachment', `Attachment${id}/Attachment`).appliance_mode_support;
    expect([modes('Inspection'), modes('Vpc')]).toEqual(['enable', 'disable']);
    expect(
      stack.resource('aws_ec2_transit_gateway_route_table_association', 'InspectionTable/AssociationInspection'),
    ).toEqual({
      transit_gateway_attachment_id: inspection(stack),
      transit_gateway_route_table_id: tableId(stack, 'InspectionTable'),
    });
    expect(stack.outputs().inspectionAttachmentId).toBe(inspection(stack));
    expect(hub().outputs().inspectionAttachmentId).toBe('');
  });

  test('every route of every table leads to inspection, and the inspection table leads to the destination', () => {
    const stack = hub(inspected);
    for (const table of ['ProdTable', 'SharedTable', 'OnPremisesTable', 'PeeringTable']) {
      expect([table, routesOf(stack, table)[vpcCidr(us)]]).toEqual([table, inspection(stack)]);
      expect([table, propagatedTo(stack, table)]).toEqual([table, []]);
    }
    expect(propagatedTo(stack, 'InspectionTable')).toEqual([attachment(stack)]);
    const unreachable = routesOf(stack, 'PartnerTable');
    expect(new Set(Object.values(unreachable))).toEqual(new Set(['blackhole']));
  });

  test('the link leads to inspection in the tables of senders, and over the peering in that of inspection', () => {
    const stack = link(inspected);
    const peering = stack.reference('aws_ec2_transit_gateway_peering_attachment');
    for (const [side, key] of [
      ['Requester', 'us'],
      ['Accepter', 'ap'],
    ]) {
      const to = (table: string) =>
        stack.resource('aws_ec2_transit_gateway_route', `Peering/${side}/${table}ToVpc`).transit_gateway_attachment_id;
      expect(to('Prod')).toBe(`\${data.terraform_remote_state.shared-tgw-${key}.outputs.inspectionAttachmentId}`);
      expect(to('Inspection')).toBe(peering);
    }
    // A change of the level moves existing routes; it does not create them twice.
    expect(stack.addresses()).toEqual(expect.arrayContaining(link().addresses()));
  });
});

test('staging has its own segment', () => {
  const stack = hub({ ...prod, name: 'staging', segment: 'nonprod' });
  expect(propagatedTo(stack, 'NonprodTable')).toEqual([attachment(stack)]);
  expect(propagatedTo(stack, 'ProdTable')).toEqual([]);
  expect(routesOf(stack, 'ProdTable')[vpcCidr(us, 'staging')]).toBe('blackhole');
});
