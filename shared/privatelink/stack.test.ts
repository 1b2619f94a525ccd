import type { Environment } from '@platform/libs/settings/environment';
import type { PrivateLinkSettings } from '@platform/libs/settings/private-link';
import { exampleEnvironment, exampleOnPremises, exampleRegions } from '@platform/libs/testing/example-settings';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { synthStack } from '@platform/libs/testing/synth-stack';
import { PrivateLinkStack } from './stack';
import { applications, vpcs } from './upstream';

const prod = exampleEnvironment();
const [us, ap] = exampleRegions;
const partnerService = 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0';

const synth = (privateLink: Partial<PrivateLinkSettings> = {}, region = us, other: Partial<Environment> = {}) =>
  synthStack(
    (app) =>
      new PrivateLinkStack(app, { ...prod, ...other, privateLink: { ...prod.privateLink, ...privateLink } }, region, {
        vpc: vpcs[region.key as 'us'],
        application: applications[region.key as 'us'],
      }),
  );

test('each service answers under its own name, in every zone', () => {
  const stack = synth();
  const endpoints = stack.resources('aws_vpc_endpoint');
  expect(endpoints.map(({ service_name }) => service_name).sort()).toEqual(
    prod.privateLink.services.map((service) => `com.amazonaws.us-east-1.${service}`).sort(),
  );
  for (const endpoint of endpoints) {
    expect(endpoint).toMatchObject({
      vpc_endpoint_type: 'Interface',
      private_dns_enabled: true,
      subnet_ids: '${data.terraform_remote_state.region-us-vpc.outputs.appSubnetIds}',
      security_group_ids: [stack.reference('aws_security_group')],
    });
  }
  expect(stack.count('aws_vpc_security_group_egress_rule')).toBe(0);
});

test('the VPC connects by HTTPS, and on-premises networks: the inbound Resolver tells them the addresses', () => {
  const rulesOf = (other: Partial<Environment>) =>
    synth({}, us, other)
      .resources('aws_vpc_security_group_ingress_rule')
      .map((rule) => [rule.cidr_ipv4, rule.ip_protocol, rule.from_port, rule.to_port].join(' '))
      .sort();
  const vpc = '${data.terraform_remote_state.region-us-vpc.outputs.cidr}';
  expect(rulesOf({ onPremises: { ...exampleOnPremises, cidrs: [] } })).toEqual([`${vpc} tcp 443 443`]);
  expect(rulesOf({ onPremises: exampleOnPremises })).toEqual(
    [vpc, ...exampleOnPremises.cidrs].map((cidr) => `${cidr} tcp 443 443`).sort(),
  );
});

test('allows identities of the environment only, and no credentials of others', () => {
  for (const { policy } of synth().resources('aws_vpc_endpoint')) {
    const [statement, ...others] = JSON.parse(policy).Statement;
    expect(others).toEqual([]);
    expect(statement.Condition.StringEquals['aws:PrincipalAccount']).toEqual(
      [...new Set(Object.values(prod.accounts))].sort(),
    );
  }
});

test('without services there is no endpoint and no group', () => {
  expect(synth({ services: [] }).addresses()).toEqual([]);
});

test("makes an endpoint for a partner's service in the regions where it exists", () => {
  const partners = { acme: { serviceNames: { us: partnerService }, ports: [443, 8443], privateDns: 'on' as const } };
  const stack = synth({ services: [], partners });
  expect(stack.resource('aws_vpc_endpoint')).toMatchObject({
    service_name: partnerService,
    private_dns_enabled: true,
  });
  expect(
    stack
      .resources('aws_vpc_security_group_ingress_rule')
      .map(({ from_port }) => from_port)
      .sort(),
  ).toEqual([443, 8443]);
  expect(Object.keys(stack.outputs().partnerDnsNames)).toEqual(['acme']);
  expect(synth({ services: [], partners }, ap).addresses()).toEqual([]);
});

describe('a service that lacks a zone', () => {
  const subnet = (zone: number) =>
    `\${element(data.terraform_remote_state.region-us-vpc.outputs.appSubnetIds, ${zone})}`;

  test('has endpoints in the zones that the settings name for a partner', () => {
    const partners = {
      acme: {
        serviceNames: { us: partnerService },
        zones: { us: [us.zones[0]!, us.zones[2]!] },
        ports: [443],
        privateDns: 'off' as const,
      },
    };
    const { subnet_ids } = synth({ services: [], partners }).resource('aws_vpc_endpoint');
    expect(subnet_ids).toEqual([subnet(0), subnet(2)]);
  });

  test('has endpoints in the zones that the region names for a service of AWS', () => {
    const region = { ...us, endpointZones: { kms: [us.zones[1]!] } };
    const stack = synth({ services: ['kms', 'sqs'] }, region);
    expect(stack.resource('aws_vpc_endpoint', 'Services/Kms').subnet_ids).toEqual([subnet(1)]);
    expect(stack.resource('aws_vpc_endpoint', 'Services/Sqs').subnet_ids).toBe(
      '${data.terraform_remote_state.region-us-vpc.outputs.appSubnetIds}',
    );
  });
});

describe('an offered service', () => {
  const offer = { allowedPrincipals: ['arn:aws:iam::999999999999:root'] };
  const stack = synth({ offer });

  test('belongs to the load balancer’s account, and accepts no connection automatically', () => {
    expect(stack.resource('aws_vpc_endpoint_service')).toMatchObject({
      provider: 'aws.workload',
      acceptance_required: true,
      allowed_principals: offer.allowedPrincipals,
      network_load_balancer_arns: '${data.terraform_remote_state.region-us-alb-asg-app.outputs.networkBalancerArns}',
      private_dns_name: `link-us.${prod.domain}`,
    });
    expect(stack.outputs().offeredServiceName).toBe(
      stack.reference('aws_vpc_endpoint_service', undefined, 'service_name'),
    );
  });

  test('has a validation record in the zone before AWS looks for it', () => {
    const record = stack.resource('aws_route53_record');
    expect(record).toMatchObject({
      provider: 'aws.edge',
      zone_id: '${data.terraform_remote_state.global-zone.outputs.zoneId}',
    });
    expect(record.name).toContain('.name}.${data.terraform_remote_state.global-zone.outputs.zoneName}');
    const [name] = Object.keys(stack.json.resource!['aws_route53_record']!);
    expect(stack.resource('aws_vpc_endpoint_service_private_dns_verification')).toMatchObject({
      provider: 'aws.workload',
      depends_on: [`aws_route53_record.${name}`],
      wait_for_verification: true,
    });
  });

  test('does not exist by default, and then only the VPC is read', () => {
    expect(synth().count('aws_vpc_endpoint_service')).toBe(0);
    expect(synth().providers()).toHaveLength(1);
    expect(Object.keys(synth().json.data!['terraform_remote_state']!)).toEqual(['region-us-vpc']);
  });
});

test('counterpart stacks are the same', () => {
  expectTwins(synth({}, us), synth({}, ap));
});
