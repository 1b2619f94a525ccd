import type { NatLayout } from '@platform/libs/settings/organisation';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import type { SynthesisedStack } from '@platform/libs/testing/synthesised-stack';
import { Vpc, type VpcProps } from './vpc';

const props: VpcProps = {
  name: 'prod-vpc',
  cidr: '10.0.0.0/16',
  awsRegion: 'us-east-1',
  zones: ['use1-az1', 'use1-az2', 'use1-az4'],
  natGateways: 'per-zone',
  onPremises: [],
  accountId: '111111111111',
  workloadAccountId: '222222222222',
  gatewayAccess: { accounts: ['111111111111', '222222222222'], readableBuckets: ['acme-packages'] },
  flowLogs: { destination: 's3', retentionDays: 30, protection: 'protected' },
  flowLogBucketName: 'example-prod-vpc-flow-logs-us',
};
const synth = (overrides: Partial<VpcProps> = {}) =>
  synthConstruct((stack) => new Vpc(stack, 'Vpc', { ...props, ...overrides }));

/** Routes of a tier's route table in one zone: `0.0.0.0/0 → aws_nat_gateway.…`. */
function routesOf(stack: SynthesisedStack, tier: string, zone: number): string[] {
  const table = stack.reference('aws_route_table', `Vpc/${tier}/RouteTable${zone}`);
  return stack
    .resources('aws_route')
    .filter((route) => route.route_table_id === table)
    .map((route) => `${route.destination_cidr_block} → ${route.nat_gateway_id ?? route.gateway_id}`);
}

describe('a VPC', () => {
  test('has a subnet and a route table per tier and zone, in the order of the zones', () => {
    const stack = synth();
    expect(stack.count('aws_subnet')).toBe(12);
    expect(stack.count('aws_route_table')).toBe(12);
    expect(stack.count('aws_route_table_association')).toBe(12);
    for (const tier of ['Public', 'App', 'Data', 'Transit']) {
      props.zones.forEach((zone, index) => {
        expect(stack.resource('aws_subnet', `Vpc/${tier}/Subnet${index}`).availability_zone_id).toBe(zone);
        expect(stack.resource('aws_route_table_association', `Vpc/${tier}/Association${index}`)).toEqual({
          subnet_id: stack.reference('aws_subnet', `Vpc/${tier}/Subnet${index}`),
          route_table_id: stack.reference('aws_route_table', `Vpc/${tier}/RouteTable${index}`),
        });
      });
    }
  });

  test('assigns no public addresses by default', () => {
    expect(
      new Set(
        synth()
          .resources('aws_subnet')
          .map((subnet) => subnet.map_public_ip_on_launch),
      ),
    ).toEqual(new Set([false]));
  });

  test('appends a zone without changing an address or a range of the others', () => {
    const [two, three] = [synth({ zones: props.zones.slice(0, 2) }), synth()];
    expect(three.addresses()).toEqual(expect.arrayContaining(two.addresses()));
    for (const zone of [0, 1]) {
      const subnet = `Vpc/App/Subnet${zone}`;
      expect(three.resource('aws_subnet', subnet)).toEqual(two.resource('aws_subnet', subnet));
    }
  });

  test('routes only the public tier to the internet, and the application to the NAT gateway of its own zone', () => {
    const stack = synth();
    const internet = `0.0.0.0/0 → ${stack.reference('aws_internet_gateway')}`;
    for (const zone of [0, 1, 2]) {
      expect(routesOf(stack, 'Public', zone)).toEqual([internet]);
      expect(routesOf(stack, 'App', zone)).toEqual([
        `0.0.0.0/0 → ${stack.reference('aws_nat_gateway', `Gateway${zone}`)}`,
      ]);
      expect(routesOf(stack, 'Data', zone)).toEqual([]);
      expect(routesOf(stack, 'Transit', zone)).toEqual([]);
      expect(stack.resource('aws_nat_gateway', `Gateway${zone}`).subnet_id).toBe(
        stack.reference('aws_subnet', `Vpc/Public/Subnet${zone}`),
      );
    }
  });

  test.each<[NatLayout, number]>([
    ['per-zone', 3],
    ['single', 1],
    ['none', 0],
  ])('with NAT %s has %i gateways with an address each', (natGateways, count) => {
    const stack = synth({ natGateways });
    expect([stack.count('aws_nat_gateway'), stack.count('aws_eip')]).toEqual([count, count]);
    const wayOut = count === 0 ? [] : [`0.0.0.0/0 → ${stack.reference('aws_nat_gateway', `Gateway${count - 1}`)}`];
    expect(routesOf(stack, 'App', 2)).toEqual(wayOut);
  });

  test('keeps its first NAT gateway and address when it changes from single to per-zone', () => {
    const [single, perZone] = [synth({ natGateways: 'single' }), synth()];
    expect(perZone.addresses()).toEqual(expect.arrayContaining(single.addresses()));
  });

  test('reaches S3 and DynamoDB from app and data subnets without NAT', () => {
    const stack = synth();
    const tables = ['App', 'Data'].flatMap((tier) =>
      [0, 1, 2].map((zone) => stack.reference('aws_route_table', `Vpc/${tier}/RouteTable${zone}`)),
    );
    expect(
      stack
        .resources('aws_vpc_endpoint')
        .map((endpoint) => endpoint.service_name)
        .sort(),
    ).toEqual(['com.amazonaws.us-east-1.dynamodb', 'com.amazonaws.us-east-1.s3']);
    for (const endpoint of stack.resources('aws_vpc_endpoint')) {
      expect(endpoint).toMatchObject({ vpc_endpoint_type: 'Gateway', route_table_ids: tables });
    }
  });

  test('keeps credentials and data in own accounts at S3 and DynamoDB, and reads packages of AWS and named buckets', () => {
    const stack = synth();
    const policyOf = (service: string) =>
      JSON.parse(
        stack.resources('aws_vpc_endpoint').find(({ service_name }) => service_name.endsWith(service))!.policy,
      ) as { Statement: Record<string, unknown>[] };
    const own = ['111111111111', '222222222222'];
    for (const service of ['s3', 'dynamodb']) {
      expect(policyOf(service).Statement[0]).toMatchObject({
        Principal: '*',
        Condition: {
          StringEquals: { 'aws:PrincipalAccount': own },
          StringEqualsIfExists: { 'aws:ResourceAccount': own },
        },
      });
    }
    expect(policyOf('dynamodb').Statement).toHaveLength(1);
    const [, readable] = policyOf('s3').Statement;
    expect(readable!['Action']).toBe('s3:GetObject');
    expect(readable!['Resource']).toEqual(
      expect.arrayContaining([
        'arn:aws:s3:::al2023-repos-us-east-1-de612dc2/*',
        'arn:aws:s3:::prod-us-east-1-starport-layer-bucket/*',
        'arn:aws:s3:::acme-packages/*',
      ]),
    );
    // Without `/*` a policy would name the bucket and none of its objects; `*` alone would name everything.
    expect((readable!['Resource'] as string[]).every((arn) => /^arn:aws:s3:::[a-z0-9-]+\/\*$/.test(arn))).toBe(true);
  });

  test('empties the default security group with explicit lists, because the provider removes nothing for missing lists', () => {
    const group = synth().resource('aws_default_security_group');
    expect([group.ingress, group.egress]).toEqual([[], []]);
    expect(group.vpc_id).toBe(synth().reference('aws_vpc'));
  });

  test('puts each tier behind a network ACL whose rules are numbered in their order', () => {
    const stack = synth();
    expect(stack.count('aws_network_acl')).toBe(4);
    const acl = stack.resource('aws_network_acl', 'Vpc/Data/NetworkAcl');
    expect(acl.subnet_ids).toEqual([0, 1, 2].map((zone) => stack.reference('aws_subnet', `Vpc/Data/Subnet${zone}`)));
    expect(acl.ingress.slice(0, 2)).toMatchObject([
      { rule_no: 10, action: 'allow', protocol: '6', cidr_block: '10.0.0.0/17', from_port: 0, to_port: 65535 },
      { rule_no: 20, action: 'allow', protocol: '-1', cidr_block: '10.0.128.0/19', from_port: 0, to_port: 0 },
    ]);
  });

  test('resolves names with AWS, under the domain that AWS gives hosts of the region', () => {
    expect(synth().resource('aws_vpc')).toMatchObject({ enable_dns_support: true, enable_dns_hostnames: true });
    const domain = (awsRegion: string) => synth({ awsRegion }).resource('aws_vpc_dhcp_options').domain_name;
    expect(domain('us-east-1')).toBe('ec2.internal');
    expect(domain('ap-northeast-2')).toBe('ap-northeast-2.compute.internal');
  });

  test('logs its flows', () => {
    const stack = synth();
    expect(stack.resource('aws_flow_log').vpc_id).toBe(stack.reference('aws_vpc'));
    expect(stack.resource('aws_s3_bucket').bucket).toBe('example-prod-vpc-flow-logs-us');
  });

  test('shares public, app and data subnets with the workload account, inside the organisation only', () => {
    const stack = synth();
    const shared = stack.resources('aws_ram_resource_association').map((association) => association.resource_arn);
    const subnets = ['App', 'Data', 'Public'].flatMap((tier) =>
      [0, 1, 2].map((zone) => stack.reference('aws_subnet', `Vpc/${tier}/Subnet${zone}`, 'arn')),
    );
    expect(shared).toEqual(subnets);
    expect(stack.resource('aws_ram_resource_share').allow_external_principals).toBe(false);
    expect(stack.resource('aws_ram_principal_association').principal).toBe('222222222222');
  });

  test('shares nothing if one account has both roles', () => {
    const stack = synth({ workloadAccountId: props.accountId });
    expect(stack.addresses().filter((address) => address.startsWith('aws_ram_'))).toEqual([]);
  });

  test('has the same resource addresses in every region', () => {
    const zones = ['apne2-az1', 'apne2-az2', 'apne2-az3'];
    expectTwins(synth(), synth({ cidr: '10.4.0.0/16', awsRegion: 'ap-northeast-2', zones }));
  });

  test('uses every prop', () => {
    const dead = findDeadProps<VpcProps>(
      props,
      {
        name: 'staging-vpc',
        cidr: '10.1.0.0/16',
        awsRegion: 'eu-west-1',
        zones: ['use1-az2', 'use1-az4'],
        natGateways: 'single',
        reserved: ['10.1.15.240/28'],
        onPremises: ['203.0.113.0/24'],
        accountId: '333333333333',
        workloadAccountId: '444444444444',
        gatewayAccess: { accounts: ['444444444444'], readableBuckets: [] },
        flowLogs: { destination: 's3', retentionDays: 60, protection: 'protected' },
        flowLogBucketName: 'example-prod-other-flow-logs-us',
      },
      (stack, given) => new Vpc(stack, 'Vpc', given),
    );
    expect(dead).toEqual([]);
  });
});
