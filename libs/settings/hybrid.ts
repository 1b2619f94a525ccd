import { isPrivate, parseCidr } from './cidr';
import { forwardedDomainSchema } from './dns';
import type { Problem } from './problem';
import { logRetentionByProfile, logRetention } from './log-retention';
import { prefixesPerAssociation } from './quotas';
import { byDefault, list, named, oneNumberOf, oneOf, section, text, whole, type Settings } from './schema';
import { onPremisesSegment } from './segments';
import { environmentsOf, inSettings, repeated, type SettingsInput } from './settings-input';

/** Port speeds of a dedicated connection, as AWS names them. */
export const directConnectBandwidths = ['1Gbps', '10Gbps', '100Gbps', '400Gbps'] as const;

const asn = { unit: 'number', from: 1, to: 4_294_967_294 } as const;

const connectionSchema = section('A dedicated connection at a Direct Connect location.', {
  name: text({ is: 'Lower-case name, part of resource addresses.', replaces: 'the connection' }),
  region: text({
    is: 'Key of the region that the location belongs to. The connection reaches every region all the same.',
    replaces: 'the connection',
  }),
  location: text({
    is: 'Code of the location: `aws directconnect describe-locations` lists them.',
    replaces: 'the connection',
  }),
  bandwidth: byDefault(
    oneOf(directConnectBandwidths, { is: 'Speed of the port.', replaces: 'the connection' }),
    '1Gbps',
    'The smallest port.',
  ),
  mtu: byDefault(
    oneNumberOf([1500, 8500], {
      is: 'Largest packet of the virtual interface. Set the same on your router. A later change can interrupt every interface of the port for 30 seconds.',
      unit: 'bytes',
    }),
    8500,
    'Jumbo frames need fewer packets for bulk data, and are cheapest to have from the start.',
  ),
  vlan: whole({
    is: 'VLAN of the virtual interface, as agreed for the port.',
    unit: 'number',
    from: 1,
    to: 4094,
    replaces: 'the virtual interface',
  }),
  bgpKeySecretArn: text({
    is: "ARN of the secret that holds the BGP key, in the connection's region and the network account. Its whole text is the key of 6 to 80 characters.",
    replaces: 'the virtual interface',
  }),
  stage: oneOf(['ordered', 'in-service'], {
    is: '`ordered`: the port is requested, and its letter of authorisation can be fetched. `in-service`: cabled, with a virtual interface.',
  }),
});
/** A dedicated connection at a Direct Connect location. */
export type DirectConnectConnection = Settings<typeof connectionSchema>;

const directConnectSchema = section('Direct Connect. Left out: none.', {
  awsAsn: whole({
    is: 'Private ASN of the Direct Connect gateway.',
    ...asn,
    limits: '64512–65534 or 4200000000–4294967294, and not that of a Transit Gateway',
    replaces: 'the Direct Connect gateway and its virtual interfaces',
  }),
  onPremisesAsn: whole({ is: 'ASN of the routers outside AWS.', ...asn, replaces: 'the virtual interfaces' }),
  connections: list({ is: 'The connections.', limits: 'at least two, at two locations' }, connectionSchema),
});
/** Direct Connect of an environment. */
export type DirectConnectSettings = Settings<typeof directConnectSchema>;

const customerGatewaySchema = section('A VPN device outside AWS.', {
  address: text({ is: 'Its public IPv4 address.', replaces: 'the customer gateway' }),
  asn: whole({ is: 'Its ASN.', ...asn, limits: 'not that of a Transit Gateway', replaces: 'the customer gateway' }),
});
/** A customer gateway of the VPN. */
export type CustomerGatewaySettings = Settings<typeof customerGatewaySchema>;

const vpnSchema = section('Site-to-Site VPN. Left out: none.', {
  logRetentionDays: byDefault(
    logRetention("How long the tunnels' log is kept."),
    logRetentionByProfile.production,
    'The log is small, and shows why a tunnel went down.',
  ),
  customerGateways: named(
    'By lower-case name. Every region has a connection of two tunnels to each.',
    customerGatewaySchema,
  ),
});
/** Site-to-Site VPN of an environment: used when Direct Connect does not work. */
export type VpnSettings = Settings<typeof vpnSchema>;

/** How Transit Gateways learn the networks on premises. */
export const onPremisesRouting = ['propagated', 'static'] as const;

const hybridSchema = section('Connections of one environment, by its name.', {
  routes: oneOf(onPremisesRouting, {
    is: "`propagated`: Transit Gateways take every route that BGP announces. A more specific one, such as a /24 of a VPC, draws that network's traffic on premises: the longest prefix wins, also over static routes and blackholes. `static`: they route `onPremises.cidrs` there and nothing else. A static route does not move when its connection fails, so it needs exactly one: Direct Connect, whose connections are one attachment, or one customer gateway of a VPN. Left out: `propagated`.",
    applies: 'next deploy of `shared/tgw` and `shared/hybrid`; back to `propagated`: `shared/hybrid` first',
  }).exactOptional(),
  directConnect: directConnectSchema.exactOptional(),
  vpn: vpnSchema.exactOptional(),
});
/** How one environment is connected to outside networks: Direct Connect, VPN, or both. */
export type HybridSettings = Settings<typeof hybridSchema>;

export const onPremisesSchema = section(
  {
    is: 'Networks outside AWS. Left out: there are none, and nothing hybrid is made.',
    applies: 'next deploy of `shared/hybrid`, `shared/resolver`, `shared/tgw`',
  },
  {
    cidrs: list(
      {
        is: 'IPv4 ranges in use on premises.',
        limits: 'at most 30, of which at most 12 with public addresses; none overlaps a range of AWS',
      },
      text({ is: 'IPv4 network such as `192.168.0.0/16`.' }),
    ),
    domains: list('Domains whose names are resolved there.', forwardedDomainSchema).exactOptional(),
    connectivity: named(
      'Direct Connect and VPN by environment, as each has its own accounts. A missing environment is not joined.',
      hybridSchema,
    ).exactOptional(),
  },
);
/** Outside networks. */
export type OnPremisesSettings = Settings<typeof onPremisesSchema>;

/**
 * Direct Connect and VPN of each environment: valid names, numbers and places, and a second connection if one is lost.
 */
export function checkHybrid(input: SettingsInput): Problem[] {
  return [...checkEachHybrid(input), ...checkSharedGateways(input)];
}

/**
 * EC2 returns the gateway that exists for a second one of equal address and ASN, so two environments in one account would
 * change and delete each other's (https://github.com/hashicorp/terraform-provider-aws/issues/14346).
 */
function checkSharedGateways(input: SettingsInput): Problem[] {
  const gateways = environmentsOf(input).flatMap(([environment, { accounts }]) =>
    Object.entries(input.settings.onPremises?.connectivity?.[environment]?.vpn?.customerGateways ?? {}).map(
      ([name, { address, asn }]) => ({ environment, name, address, key: `${accounts.network} ${address} ${asn}` }),
    ),
  );
  return repeated(gateways, ({ key }) => key)
    .filter(([{ environment }, first]) => environment !== first.environment)
    .map(([{ environment, name, address }, first]) => ({
      where: inSettings(input, `onPremises.connectivity.${environment}.vpn.customerGateways.${name}`),
      what: `${address} is ${first.name} of ${first.environment} too, in the same network account and with the same ASN`,
      remedy: 'use another address or ASN of the device, or another network account',
    }));
}

function checkEachHybrid(input: SettingsInput): Problem[] {
  return Object.entries(input.settings.onPremises?.connectivity ?? {}).flatMap(([name, hybrid]) => {
    const problems: Problem[] = [];
    const add: Add = (path, what, remedy) =>
      problems.push({ where: inSettings(input, `onPremises.connectivity.${name}${path}`), what, remedy });
    const environments = Object.keys(input.settings.environments);
    if (!environments.includes(name)) {
      add('', `there is no environment "${name}"`, `use one of ${environments.join(', ')}`);
    }
    checkWays(hybrid, add);
    if (hybrid.directConnect) {
      checkDirectConnect(hybrid.directConnect, input, add);
      checkPrefixes(name, input, add);
    }
    if (hybrid.vpn) checkVpn(hybrid.vpn, input, add);
    return problems;
  });
}

type Add = (path: string, what: string, remedy: string) => void;

function checkWays({ routes, directConnect, vpn }: HybridSettings, add: Add): void {
  const attachments = (directConnect ? 1 : 0) + Object.keys(vpn?.customerGateways ?? {}).length;
  if (routes === 'static' && attachments > 1) {
    add(
      '.routes',
      `static routes lead to one attachment, and there are ${attachments}: the others would never be used`,
      "keep one of them, or write 'propagated'",
    );
  }
  if (!directConnect && !vpn)
    add('', 'there is no connection to the networks', 'add directConnect or vpn, or remove it');
}

function checkDirectConnect(
  { awsAsn, onPremisesAsn, connections }: DirectConnectSettings,
  input: SettingsInput,
  add: Add,
) {
  const hub = input.regions.find(({ asn }) => asn === awsAsn);
  if (!isPrivateAsn(awsAsn)) {
    add('.directConnect.awsAsn', `${awsAsn} is not a private ASN`, 'use 64512–65534 or 4200000000–4294967294');
  } else if (hub) {
    add(
      '.directConnect.awsAsn',
      `${awsAsn} is the ASN of the Transit Gateway of ${hub.key}`,
      'give the gateway one of its own',
    );
  }
  if (onPremisesAsn === awsAsn) {
    add('.directConnect.onPremisesAsn', `${onPremisesAsn} is the ASN of the gateway`, 'use that of your routers');
  }
  if (new Set(connections.map(({ location }) => location)).size < 2) {
    add('.directConnect.connections', 'all of them end at one location', 'have two connections at two locations');
  }
  for (const [{ name }] of repeated(connections, ({ name }) => name)) {
    add('.directConnect.connections', `"${name}" is listed twice`, 'give each its own name');
  }
  connections.forEach(({ name, region, location, bgpKeySecretArn }, index) => {
    const at = `.directConnect.connections.${index}`;
    const place = input.regions.find(({ key }) => key === region);
    checkName(name, `${at}.name`, add);
    if (!place) {
      add(
        `${at}.region`,
        `there is no region "${region}"`,
        `use one of ${input.regions.map(({ key }) => key).join(', ')}`,
      );
    }
    // At most 20 characters: the longest code has 10 (https://docs.aws.amazon.com/directconnect/latest/UserGuide/Welcome.html).
    if (!/^[A-Za-z0-9]([A-Za-z0-9-]{0,18}[A-Za-z0-9])?$/.test(location)) {
      add(
        `${at}.location`,
        `"${location}" is not a code of a location`,
        'take it from `aws directconnect describe-locations`',
      );
    }
    const [, secretRegion] = /^arn:aws:secretsmanager:([a-z0-9-]+):\d{12}:secret:\S+$/.exec(bgpKeySecretArn) ?? [];
    if (!secretRegion || (place && secretRegion !== place.awsRegion)) {
      add(
        `${at}.bgpKeySecretArn`,
        `"${bgpKeySecretArn}" is not an ARN of a secret${place ? ` in ${place.awsRegion}` : ''}`,
        "keep the key in Secrets Manager of the connection's region and give the ARN, never the key",
      );
    }
  });
}

/** Each region advertises its range and every network that on-premises reaches (`libs/hybrid`). */
function checkPrefixes(name: string, { settings, regions }: SettingsInput, add: Add): void {
  const environment = settings.environments[name];
  if (!environment) return;
  const isReached = (segment: string) =>
    Object.hasOwn(settings.segments, segment) && settings.segments[segment]!.reaches.includes(onPremisesSegment);
  for (const { key, cidrs, vpcs } of regions) {
    const prefixes = new Set([
      cidrs[name],
      ...Object.values(vpcs)
        .filter(({ segment = environment.segment }) => isReached(segment))
        .map((vpc) => vpc.cidrs[name]),
      ...(environment.externalAttachments ?? [])
        .filter(({ region, segment, attachmentId }) => region === key && attachmentId && isReached(segment))
        .map(({ cidr }) => cidr),
    ]);
    if (prefixes.size <= prefixesPerAssociation) continue;
    add(
      '.directConnect',
      `${prefixes.size} networks of ${key} are more than AWS tells on premises of`,
      `let at most ${prefixesPerAssociation - 1} VPCs and external attachments of a region reach ${onPremisesSegment}: the region's range is told too`,
    );
  }
}

function checkVpn({ customerGateways }: VpnSettings, input: SettingsInput, add: Add): void {
  const gateways = Object.entries(customerGateways);
  if (gateways.length === 0) add('.vpn.customerGateways', 'there is none', 'add one, or remove vpn');
  for (const [name, { address, asn }] of gateways) {
    const at = `.vpn.customerGateways.${name}`;
    const range = parseCidr(`${address}/32`);
    checkName(name, at, add);
    if (!range || isPrivate(range)) {
      add(`${at}.address`, `"${address}" is not a public IPv4 address`, 'give the address that the internet sees');
    }
    // Every customer gateway has a connection to every Transit Gateway, which treats a neighbour with its own ASN as
    // part of itself.
    const hub = input.regions.find((region) => region.asn === asn);
    if (hub)
      add(
        `${at}.asn`,
        `${asn} is the ASN of the Transit Gateway of ${hub.key}`,
        'use an ASN that no Transit Gateway has',
      );
  }
  for (const [[name, { address }]] of repeated(gateways, ([, gateway]) => gateway.address)) {
    add(`.vpn.customerGateways.${name}.address`, `${address} is that of another one`, 'list each device once');
  }
}

function checkName(name: string, at: string, add: Add): void {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
    add(
      at,
      `"${name}" cannot be part of resource names`,
      'use 1–32 lower-case letters, digits or hyphens, a letter first',
    );
  }
}

function isPrivateAsn(asn: number): boolean {
  return (asn >= 64512 && asn <= 65534) || asn >= 4200000000;
}
