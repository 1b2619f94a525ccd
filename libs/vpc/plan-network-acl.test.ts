import fc from 'fast-check';
import { cidrRange, contains } from '@platform/libs/settings/cidr';
import { planNetworkAcl, type AclRule } from './plan-network-acl';
import { planSubnets, tiers, type Tier } from './plan-subnets';

const vpc = '10.0.0.0/16';
const onPremises = ['192.168.0.0/16', '203.0.113.0/24'];
const networks = { vpc, tiers: planSubnets(vpc, 3), onPremises };
const acls = Object.fromEntries(tiers.map((tier) => [tier, planNetworkAcl(tier, networks)])) as Record<
  Tier,
  ReturnType<typeof planNetworkAcl>
>;

interface Packet {
  readonly protocol: 'tcp' | 'udp' | 'path-mtu' | 'other';
  readonly port: number;
  /** Address at the other end. */
  readonly peer: string;
}

/** AWS's evaluation: the first rule that matches decides; without a match the packet is dropped. */
function passes(rules: readonly AclRule[], { protocol, port, peer }: Packet): boolean {
  const rule = rules.find(
    (candidate) =>
      (candidate.protocol === 'all' || candidate.protocol === protocol) &&
      contains(cidrRange(candidate.cidr), cidrRange(`${peer}/32`)) &&
      (!candidate.ports || (port >= candidate.ports[0] && port <= candidate.ports[1])),
  );
  return rule?.action === 'allow';
}

const at = { public: '10.0.160.9', app: '10.0.16.9', data: '10.0.128.9', transit: '10.0.255.130' };
const [otherRegion, premises, premisesWithPublicAddresses, internet] = [
  '10.4.0.9',
  '192.168.3.9',
  '203.0.113.9',
  '93.184.215.14',
];
const replyPort = fc.integer({ min: 1024, max: 65535 });
const servicePort = fc.integer({ min: 1, max: 65535 });

/** A connection works if its packets leave one tier and enter the other, and the replies return. */
function connects(
  from: 'public' | 'app' | 'data',
  to: 'public' | 'app' | 'data',
  port: number,
  source: number,
): boolean {
  return (
    passes(acls[from].egress, { protocol: 'tcp', port, peer: at[to] }) &&
    passes(acls[to].ingress, { protocol: 'tcp', port, peer: at[from] }) &&
    passes(acls[to].egress, { protocol: 'tcp', port: source, peer: at[from] }) &&
    passes(acls[from].ingress, { protocol: 'tcp', port: source, peer: at[to] })
  );
}

describe('network ACLs', () => {
  test('allow load balancers to the application, and the application to the data stores, on any port', () => {
    fc.assert(
      fc.property(servicePort, replyPort, (port, source) => {
        expect(connects('public', 'app', port, source)).toBe(true);
        expect(connects('app', 'data', port, source)).toBe(true);
        expect(connects('data', 'data', port, source)).toBe(true);
      }),
    );
  });

  test('allow only the application and other data stores into the data tier', () => {
    const outside = fc.constantFrom(
      at.public,
      at.transit,
      otherRegion,
      premises,
      premisesWithPublicAddresses,
      '172.20.1.1',
      '100.64.1.1',
    );
    const protocol = fc.constantFrom('tcp', 'udp', 'path-mtu', 'other');
    fc.assert(
      fc.property(outside, protocol, servicePort, (peer, kind, port) => {
        expect(passes(acls.data.ingress, { protocol: kind, port, peer })).toBe(false);
        expect(passes(acls.data.egress, { protocol: kind, port, peer })).toBe(false);
      }),
    );
  });

  test('allow data stores to the public addresses of the S3 and DynamoDB endpoints, and to nothing else outside', () => {
    fc.assert(
      fc.property(replyPort, (source) => {
        expect(passes(acls.data.egress, { protocol: 'tcp', port: 443, peer: internet })).toBe(true);
        expect(passes(acls.data.ingress, { protocol: 'tcp', port: source, peer: internet })).toBe(true);
        expect(passes(acls.data.egress, { protocol: 'tcp', port: source, peer: internet })).toBe(false);
      }),
    );
  });

  test('allow the application and its replies through NAT, in both tiers that they pass', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('tcp', 'udp'),
        servicePort,
        replyPort,
        replyPort,
        (protocol, port, source, translated) => {
          expect(passes(acls.app.egress, { protocol, port, peer: internet })).toBe(true);
          expect(passes(acls.public.ingress, { protocol, port, peer: at.app })).toBe(true);
          expect(passes(acls.public.egress, { protocol, port, peer: internet })).toBe(true);
          expect(passes(acls.public.ingress, { protocol, port: translated, peer: internet })).toBe(true);
          expect(passes(acls.public.egress, { protocol, port: source, peer: at.app })).toBe(true);
          expect(passes(acls.app.ingress, { protocol, port: source, peer: internet })).toBe(true);
        },
      ),
    );
  });

  test('allow the estate and on-premises networks to the application on any port, also those with public addresses', () => {
    fc.assert(
      fc.property(fc.constantFrom(otherRegion, premises, premisesWithPublicAddresses), servicePort, (peer, port) => {
        expect(passes(acls.app.ingress, { protocol: 'tcp', port, peer })).toBe(true);
        expect(passes(acls.app.egress, { protocol: 'tcp', port, peer })).toBe(true);
      }),
    );
  });

  test('allow the internet no low port except 80 and 443, of load balancers only', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1023 }), (port) => {
        const packet = { protocol: 'tcp', port, peer: internet } as const;
        expect(passes(acls.public.ingress, packet)).toBe(port === 80 || port === 443);
        expect(passes(acls.app.ingress, packet)).toBe(false);
        expect(passes(acls.data.ingress, packet)).toBe(false);
      }),
    );
  });

  test('allow the message that tells a sender that its packets are too large', () => {
    for (const tier of ['public', 'app'] as const) {
      expect(passes(acls[tier].ingress, { protocol: 'path-mtu', port: 0, peer: internet })).toBe(true);
    }
  });

  test('allow everything in tiers that packets only pass through', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('transit', 'inspection'),
        fc.constantFrom(internet, otherRegion),
        servicePort,
        (tier, peer, port) => {
          expect(passes(acls[tier].ingress, { protocol: 'udp', port, peer })).toBe(true);
          expect(passes(acls[tier].egress, { protocol: 'udp', port, peer })).toBe(true);
        },
      ),
    );
  });

  test('stay within the 20 rules per direction of AWS, and do not change with a new zone', () => {
    const many = Array.from({ length: 12 }, (_, index) => `203.0.113.${index * 16}/28`);
    for (const tier of tiers) {
      const full = planNetworkAcl(tier, { ...networks, onPremises: many });
      expect(Math.max(full.ingress.length, full.egress.length)).toBeLessThanOrEqual(20);
      const { ingress, egress } = acls[tier];
      expect(planNetworkAcl(tier, { ...networks, tiers: planSubnets(vpc, 4) })).toEqual({ ingress, egress });
    }
  });

  test('allow replies to NAT gateways without load balancers beside them, and no service, nor a network that they cannot answer', () => {
    const { ingress } = planNetworkAcl('nat', networks);
    const attached = '172.16.0.9';
    fc.assert(
      fc.property(servicePort, replyPort, fc.constantFrom('tcp', 'udp'), (port, translated, protocol) => {
        expect(passes(ingress, { protocol, port, peer: at.app })).toBe(true);
        expect(passes(ingress, { protocol, port: translated, peer: internet })).toBe(true);
        expect(passes(ingress, { protocol, port, peer: internet })).toBe(port >= 1024);
        expect(passes(ingress, { protocol, port, peer: attached })).toBe(false);
      }),
    );
  });
});
