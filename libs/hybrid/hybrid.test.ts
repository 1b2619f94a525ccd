import fc from 'fast-check';
import { checkHybrid, type DirectConnectConnection } from '@platform/libs/settings/hybrid';
import { cidrRange, contains } from '@platform/libs/settings/cidr';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { formatProblem } from '@platform/libs/settings/problem';
import {
  exampleEnvironment,
  exampleOnPremises,
  exampleOrganisation,
  exampleRegions,
} from '@platform/libs/testing/example-settings';
import { findDeadProps, type SecondValues } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { planRouting } from '@platform/libs/tgw/plan-routing';
import { advertisedPrefixes } from './advertised-prefixes';
import { BackupVpn, type BackupVpnProps } from './backup-vpn';
import { DirectConnectPort, type DirectConnectPortProps } from './direct-connect-port';
import { HubAssociation, type HubAssociationProps } from './hub-association';
import { hybridOf } from './hybrid-of';
import { OnPremisesRoutes, type OnPremisesRoutesProps } from './on-premises-routes';

const connection: DirectConnectConnection = {
  name: 'first',
  region: 'us',
  location: 'EqDC2',
  bandwidth: '1Gbps',
  mtu: 1500,
  vlan: 101,
  bgpKeySecretArn: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:key-AbCdEf',
  stage: 'in-service',
};

describe('every prop is used by', () => {
  test('a port', () => {
    const props: DirectConnectPortProps = { name: 'a', connection, gatewayId: 'g-1', onPremisesAsn: 65000 };
    const seconds = { name: 'b', connection: { ...connection, vlan: 7 }, gatewayId: 'g-2', onPremisesAsn: 65001 };
    expect(findDeadProps(props, seconds, (stack, given) => void new DirectConnectPort(stack, 'T', given))).toEqual([]);
    const dead = findDeadProps<Omit<DirectConnectConnection, 'name' | 'region'>>(
      connection,
      {
        location: 'CSVA1',
        bandwidth: '10Gbps',
        mtu: 8500,
        vlan: 7,
        bgpKeySecretArn: 'arn:b',
        stage: 'ordered',
      },
      (stack, given) => void new DirectConnectPort(stack, 'T', { ...props, connection: { ...connection, ...given } }),
    );
    expect(dead).toEqual([]);
  });

  test('an association', () => {
    const props: HubAssociationProps = {
      gatewayId: 'g-1',
      transitGatewayId: 'tgw-1',
      allowedPrefixes: ['10.0.0.0/14'],
    };
    const seconds = { gatewayId: 'g-2', transitGatewayId: 'tgw-2', allowedPrefixes: [] };
    expect(findDeadProps(props, seconds, (stack, given) => void new HubAssociation(stack, 'T', given))).toEqual([]);
  });

  test('a VPN', () => {
    const props: BackupVpnProps = {
      name: 'a',
      transitGatewayId: 'tgw-1',
      customerGateway: { address: '203.0.113.1', asn: 1 },
      log: { groupArn: 'arn:1', ready: { fqn: 'a.b' } as never },
    };
    const seconds: BackupVpnProps = {
      name: 'b',
      transitGatewayId: 'tgw-2',
      customerGateway: { address: '203.0.113.2', asn: 2 },
      log: { groupArn: 'arn:2', ready: { fqn: 'c.d' } as never },
    };
    expect(findDeadProps(props, seconds, (stack, given) => void new BackupVpn(stack, 'T', given))).toEqual([]);
  });

  test('routes', () => {
    const { tables } = planRouting(exampleEnvironment(), exampleRegions)['us']!;
    const props: Required<OnPremisesRoutesProps> = {
      attachmentId: 'a-1',
      tables,
      routeTableId: (table) => `1-${table}`,
      staticRoutes: { inspectionAttachmentId: 'a-3' },
    };
    const seconds: SecondValues<OnPremisesRoutesProps> = {
      attachmentId: 'a-2',
      tables: [],
      routeTableId: (table: string) => `2-${table}`,
      staticRoutes: undefined,
    } as never;
    expect(findDeadProps(props, seconds, (stack, given) => void new OnPremisesRoutes(stack, 'T', given))).toEqual([]);
  });
});

test('a port is never destroyed, because it would have to be cabled again', () => {
  const stack = synthConstruct(
    (scope) => void new DirectConnectPort(scope, 'T', { name: 'a', connection, gatewayId: 'g', onPremisesAsn: 1 }),
  );
  expect(stack.resource('aws_dx_connection')).toMatchObject({
    // Guards while the connection is in the settings.
    lifecycle: { prevent_destroy: true },
    // Guards when it is renamed or removed from them: the rule above is lost with its block.
    skip_destroy: true,
  });
});

test('the attachment look-up ignores attachments that AWS has deleted or is deleting', () => {
  const stack = synthConstruct(
    (scope) =>
      void new HubAssociation(scope, 'T', {
        gatewayId: 'g',
        transitGatewayId: 'tgw',
        allowedPrefixes: ['10.0.0.0/14'],
      }),
  );
  const { filter } = stack.dataSource('aws_ec2_transit_gateway_dx_gateway_attachment');
  const { values } = filter.find(({ name }: { name: string }) => name === 'state');
  expect(values).toContain('available');
  for (const state of ['deleted', 'deleting', 'failed', 'failing', 'rejected', 'rejecting']) {
    expect(values).not.toContain(state);
  }
});

test('a large ASN is in the field that EC2 accepts', () => {
  const stack = synthConstruct(
    (scope) =>
      void new BackupVpn(scope, 'T', {
        name: 'a',
        transitGatewayId: 'tgw',
        customerGateway: { address: '203.0.113.1', asn: 4200000000 },
        log: { groupArn: 'arn:1', ready: { fqn: 'a.b' } as never },
      }),
  );
  expect(stack.resource('aws_customer_gateway')).toMatchObject({ bgp_asn_extended: '4200000000' });
  expect(stack.resource('aws_customer_gateway')).not.toHaveProperty('bgp_asn');
});

test('an environment without connectivity has no connection', () => {
  expect(hybridOf({ name: 'prod' })).toEqual({});
  expect(
    hybridOf({
      name: 'prod',
      onPremises: { cidrs: [], connectivity: { staging: { vpn: { logRetentionDays: 365, customerGateways: {} } } } },
    }),
  ).toEqual({});
  expect(hybridOf({ name: 'toString', onPremises: { cidrs: [], connectivity: {} } })).toEqual({});
});

describe('prefixes', () => {
  test('include the range and the networks that on-premises reaches', () => {
    expect(advertisedPrefixes(exampleEnvironment(), exampleRegions, 'us')).toEqual(['10.0.0.0/14', '10.0.0.0/16']);
  });

  test('exclude networks that on-premises does not reach, and those that are not attached yet', () => {
    const external = { account: '999999999999', region: 'us', cidr: '172.16.0.0/24', attachmentId: 'tgw-attach-1' };
    const { attachmentId: _, ...pending } = external;
    const environment = exampleEnvironment({
      externalAttachments: [
        { ...external, name: 'bank', segment: 'partner' },
        { ...external, name: 'tools', segment: 'shared', cidr: '172.16.1.0/24' },
        { ...pending, name: 'late', segment: 'shared', cidr: '172.16.2.0/24' },
      ],
    });
    expect(advertisedPrefixes(environment, exampleRegions, 'us')).toEqual([
      '10.0.0.0/14',
      '10.0.0.0/16',
      '172.16.1.0/24',
    ]);
  });

  test.each([
    [198, []],
    [199, ['us']],
  ])('of %i attachments beside range and VPC are as many as the settings check counts', (count, refused) => {
    const externalAttachments = Array.from({ length: count + 2 }, (_, n) => ({
      name: `a${n}`,
      account: '999999999999',
      region: 'us',
      segment: n === 0 ? 'partner' : 'shared',
      cidr: `172.16.${n}.0/24`,
      ...(n === 1 ? {} : { attachmentId: `tgw-attach-${n}` }),
    }));
    const prod = { ...exampleOrganisation.environments.prod, externalAttachments };
    const settings = {
      ...exampleOrganisation,
      onPremises: { ...exampleOnPremises, connectivity: { prod: exampleOnPremises.connectivity.prod } },
      environments: { prod },
    };
    const prefixes = advertisedPrefixes(selectEnvironment(settings, 'prod'), exampleRegions, 'us');
    expect(prefixes).toHaveLength(count + 2);
    expect(checkHybrid({ settings, regions: exampleRegions, folders: [] }).map(formatProblem)).toEqual(
      refused.map(
        (region) =>
          `infra.config.ts: onPremises.connectivity.prod.directConnect: ${prefixes.length} networks of ${region} are more than AWS tells on premises of; let at most 199 VPCs and external attachments of a region reach on-premises: the region's range is told too`,
      ),
    );
  });

  test('are never of another region, and cover every VPC, whatever the segments say', () => {
    const names = Object.keys(exampleEnvironment().segments);
    fc.assert(
      fc.property(fc.subarray(['on-premises', ...names]), fc.constantFrom('us', 'ap'), (reached, key) => {
        const environment = exampleEnvironment({
          segments: { ...exampleEnvironment().segments, prod: { reaches: reached } },
        });
        const region = exampleRegions.find((candidate) => candidate.key === key)!;
        const prefixes = advertisedPrefixes(environment, exampleRegions, key);
        const range = cidrRange(region.cidrs['prod']!);
        expect(prefixes.every((prefix) => contains(range, cidrRange(prefix)))).toBe(true);
        expect(prefixes.includes(region.vpcs['vpc']!.cidrs['prod']!)).toBe(reached.includes('on-premises'));
      }),
    );
  });
});
