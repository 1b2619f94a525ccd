import { contains, isPrivate, overlaps, parseCidr, prefixLength, privateNetworks, type AddressRange } from './cidr';
import { networksOf, nextFreeRange } from './free-ranges';
import type { Problem } from './problem';
import { dnsPeers, securityGroupRules } from './quotas';
import { environmentsOf, inRegion, inSettings, type SettingsInput } from './settings-input';

/**
 * Prefix lengths of a VPC's range. AWS allows /16–/28; the subnet plan needs /21 for eight zones with room for load
 * balancers.
 */
export const vpcPrefixes = { shortest: 16, longest: 21 } as const;

/**
 * Number of on-premises networks with public addresses that fit into 20 rules per direction, AWS's quota, beside the 8
 * of the data tier.
 */
const publicOnPremises = 12;

/** One network that must not overlap with those of other `groups`. */
interface Network {
  readonly where: string;
  /** Its description in messages about another network: `the range of us in prod`. */
  readonly name: string;
  readonly text: string;
  readonly range: AddressRange;
  /** Whether the settings may give it another range at will. */
  readonly isOurs?: boolean;
}

/** All networks of the estate: well-formed, large enough, VPCs inside their region, no overlaps. */
export function checkNetworks(input: SettingsInput): Problem[] {
  const problems: Problem[] = [];
  const read = (where: string, name: string, text: string): Network[] => {
    const range = parseCidr(text);
    if (!range) {
      problems.push({
        where,
        what: `"${text}" is not an IPv4 network`,
        remedy: 'write address and length without host bits, such as 10.0.0.0/16',
      });
      return [];
    }
    const reserved = reservedNetworks.find((network) => overlaps(parseCidr(network)!, range));
    if (reserved) {
      problems.push({
        where,
        what: `${text} contains addresses of ${reserved}, which cannot be routed`,
        remedy: 'use a private range, such as one inside 10.0.0.0/8',
      });
    }
    return [{ where, name, text, range }];
  };

  if (input.settings.onPremises?.cidrs.length === 0) {
    problems.push({
      where: inSettings(input, 'onPremises.cidrs'),
      what: 'there is none, so nothing on premises is reached',
      remedy: 'add its ranges, or remove onPremises',
    });
  }

  const apart: Network[] = [];
  for (const region of input.regions) {
    for (const [environment, text] of Object.entries(region.cidrs)) {
      const [whole] = read(
        inRegion(input, region, `cidrs.${environment}`),
        `the range of ${region.key} in ${environment}`,
        text,
      );
      if (whole) apart.push({ ...whole, isOurs: true });
      if (whole && !isPrivate(whole.range)) {
        problems.push({
          where: whole.where,
          what: `${text} has public addresses, which network ACLs treat as the internet`,
          remedy: `use a range inside one of ${privateNetworks.join(', ')}`,
        });
      }
      const vpcs = [
        ...Object.entries(region.vpcs).map(
          ([name, { cidrs }]) => [`vpcs.${name}.cidrs`, `the VPC ${name}`, cidrs] as const,
        ),
        ['inspectionCidrs', 'the inspection VPC', region.inspectionCidrs] as const,
      ].flatMap(([path, name, cidrs]) => {
        const cidr = Object.hasOwn(cidrs, environment) ? cidrs[environment] : undefined;
        return cidr === undefined ? [] : read(inRegion(input, region, `${path}.${environment}`), name, cidr);
      });
      for (const vpc of vpcs) problems.push(...checkVpc(vpc, whole));
      problems.push(...checkOverlaps(vpcs));
    }
  }
  const { onPremises } = input.settings;
  onPremises?.cidrs.forEach((text, index) => {
    apart.push(...read(inSettings(input, `onPremises.cidrs.${index}`), `the on-premises network ${text}`, text));
  });
  const networks = onPremises?.cidrs.length ?? 0;
  if (networks > dnsPeers) {
    problems.push({
      where: inSettings(input, 'onPremises.cidrs'),
      what: `${networks} networks are more than the security group of the endpoint that answers their questions can name`,
      remedy: `use at most ${dnsPeers}, wider ones where possible`,
    });
  }
  for (const [environment, { applications }] of environmentsOf(input)) {
    for (const [name, { networkBalancer }] of Object.entries(applications)) {
      // Each listener has a rule for each of them, and for the VPC.
      const listeners = Object.keys(networkBalancer?.listeners ?? {}).length;
      const rules = listeners * (networks + 1);
      if (rules <= securityGroupRules) continue;
      problems.push({
        where: inSettings(input, `environments.${environment}.applications.${name}.networkBalancer.listeners`),
        what: `${listeners} listeners for the VPC and ${networks} networks on premises make ${rules} rules, more than a security group has`,
        remedy: `use fewer listeners, or wider onPremises.cidrs: at most ${securityGroupRules} rules`,
      });
    }
  }
  const publicNetworks = (onPremises?.cidrs ?? []).map(parseCidr).filter((range) => range && !isPrivate(range)).length;
  if (publicNetworks > publicOnPremises) {
    problems.push({
      where: inSettings(input, 'onPremises.cidrs'),
      what: `${publicNetworks} networks with public addresses are more than network ACLs can name`,
      remedy: `use at most ${publicOnPremises}, wider ones where possible`,
    });
  }
  for (const [environment, { externalAttachments = [] }] of environmentsOf(input)) {
    externalAttachments.forEach(({ name, cidr }, index) => {
      const where = inSettings(input, `environments.${environment}.externalAttachments.${index}.cidr`);
      apart.push(...read(where, `the external attachment ${name}`, cidr));
    });
  }
  return [...problems, ...checkOverlaps(apart, networksOf(input))];
}

function checkVpc({ where, text, range }: Network, region: Network | undefined): Problem[] {
  const problems: Problem[] = [];
  const length = prefixLength(range);
  if (length > vpcPrefixes.longest) {
    problems.push({
      where,
      what: `${text} is too small to be divided into subnets`,
      remedy: `use a network of /${vpcPrefixes.longest} or larger`,
    });
  }
  if (length < vpcPrefixes.shortest) {
    problems.push({
      where,
      what: `${text} is larger than AWS lets a VPC be`,
      remedy: `use a network of /${vpcPrefixes.shortest} or smaller`,
    });
  }
  if (region && !contains(region.range, range)) {
    problems.push({
      where,
      what: `${text} is outside ${region.name}, ${region.text}`,
      remedy: 'choose a network inside it: other regions route to that range only',
    });
  }
  return problems;
}

/**
 * Every pair that shares an address, reported where the later one stands, with another range for the one that is ours.
 * @param taken networks that a proposal must not overlap; none is proposed where it is left out
 */
function checkOverlaps(networks: readonly Network[], taken?: string[]): Problem[] {
  const proposals = new Map<Network, string>();
  const proposalFor = (network: Network): string | undefined => {
    if (!taken || !network.isOurs) return undefined;
    const known = proposals.get(network);
    if (known !== undefined) return known;
    const found = nextFreeRange(taken, prefixLength(network.range));
    if (found === undefined) return undefined;
    taken.push(found);
    proposals.set(network, found);
    return found;
  };
  return networks.flatMap((network, index) =>
    networks
      .slice(0, index)
      .filter((earlier) => overlaps(earlier.range, network.range))
      .map((earlier) => {
        const [own, earliers] = [proposalFor(network), network.isOurs ? undefined : proposalFor(earlier)];
        const orElse = earliers ? `, or write ${earliers} for ${earlier.name}` : '';
        return {
          where: network.where,
          what: `${network.text} overlaps ${earlier.name}, ${earlier.text}`,
          remedy: own ? `use ${own}, which is free` : `choose a network that shares no address with it${orElse}`,
        };
      }),
  );
}

/** Never routable between VPCs: this host, loopback, link-local, multicast and reserved (RFC 6890). */
const reservedNetworks = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];
