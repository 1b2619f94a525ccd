import { isPrivate, parseCidr } from './cidr';
import { onPremisesSegment } from './check-segments';
import type { DirectConnectSettings, HybridSettings, VpnSettings } from './hybrid';
import type { Problem } from './problem';
import { prefixesPerAssociation } from './quotas';
import { inSettings, repeated, type SettingsInput } from './settings-input';

/** Direct Connect and VPN of each environment: that names, numbers and places can be, and that one loss leaves a way. */
export function checkHybrid(input: SettingsInput): Problem[] {
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

function checkWays({ directConnect, vpn }: HybridSettings, add: Add): void {
  if (!directConnect && !vpn) add('', 'there is no way to the networks', 'add directConnect or vpn, or remove it');
}

function checkDirectConnect(
  { awsAsn, onPremisesAsn, connections }: DirectConnectSettings,
  input: SettingsInput,
  add: Add,
) {
  const hub = input.regions.find(({ asn }) => asn === awsAsn);
  if (!isPrivateAsn(awsAsn)) {
    add('.directConnect.awsAsn', `${awsAsn} is no private ASN`, 'use 64512–65534 or 4200000000–4294967294');
  } else if (hub) {
    add('.directConnect.awsAsn', `${awsAsn} is the ASN of the hub of ${hub.key}`, 'give the gateway one of its own');
  }
  if (!isAsn(onPremisesAsn) || onPremisesAsn === awsAsn) {
    add(
      '.directConnect.onPremisesAsn',
      `${onPremisesAsn} cannot be the ASN of the other side`,
      'use 1–4294967294, not that of the gateway',
    );
  }
  if (new Set(connections.map(({ location }) => location)).size < 2) {
    add('.directConnect.connections', 'all of them end at one location', 'have two connections at two locations');
  }
  for (const [{ name }] of repeated(connections, ({ name }) => name)) {
    add('.directConnect.connections', `"${name}" stands there twice`, 'give each its own name');
  }
  connections.forEach(({ name, region, location, vlan, bgpKeySecretArn }, index) => {
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
    if (!/^[A-Za-z0-9_-]+$/.test(location)) {
      add(
        `${at}.location`,
        `"${location}" is no code of a location`,
        'take it from `aws directconnect describe-locations`',
      );
    }
    if (!Number.isInteger(vlan) || vlan < 1 || vlan > 4094) {
      add(`${at}.vlan`, `${vlan} is no VLAN`, 'use 1–4094');
    }
    const [, secretRegion] = /^arn:aws:secretsmanager:([a-z0-9-]+):\d{12}:secret:\S+$/.exec(bgpKeySecretArn) ?? [];
    if (!secretRegion || (place && secretRegion !== place.awsRegion)) {
      add(
        `${at}.bgpKeySecretArn`,
        `"${bgpKeySecretArn}" is no ARN of a secret${place ? ` in ${place.awsRegion}` : ''}`,
        "keep the key in Secrets Manager of the connection's region and give the ARN, never the key",
      );
    }
  });
}

/** Each region's gateway tells of its range and of every network that on premises reaches, one by one (`libs/hybrid`). */
function checkPrefixes(name: string, { settings, regions }: SettingsInput, add: Add): void {
  const environment = settings.environments[name];
  if (!environment) return;
  const isReached = (segment: string) => settings.segments[segment]?.reaches.includes(onPremisesSegment);
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
      add(`${at}.address`, `"${address}" is no public IPv4 address`, 'give the address that the internet sees');
    }
    // Every device has a connection to every hub, and a hub takes a neighbour of its own ASN for a part of itself.
    const hub = input.regions.find((region) => region.asn === asn);
    if (!isAsn(asn)) add(`${at}.asn`, `${asn} is no ASN`, 'use 1–4294967294');
    if (hub) add(`${at}.asn`, `${asn} is the ASN of the hub of ${hub.key}`, 'give the device one that no hub has');
  }
  for (const [[name, { address }]] of repeated(gateways, ([, gateway]) => gateway.address)) {
    add(`.vpn.customerGateways.${name}.address`, `${address} is that of another one`, 'list each device once');
  }
}

function checkName(name: string, at: string, add: Add): void {
  if (!/^[a-z][a-z0-9-]{0,31}$/.test(name)) {
    add(
      at,
      `"${name}" cannot stand in names of resources`,
      'use 1–32 lower-case letters, digits or hyphens, a letter first',
    );
  }
}

function isAsn(asn: number): boolean {
  return Number.isInteger(asn) && asn >= 1 && asn <= 4294967294;
}

function isPrivateAsn(asn: number): boolean {
  return isAsn(asn) && ((asn >= 64512 && asn <= 65534) || asn >= 4200000000);
}
