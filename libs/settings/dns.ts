import { contains, parseCidr } from './cidr';
import { logRetention } from './log-retention';
import { internalZoneName } from './physical-names';
import type { Problem } from './problem';
import { dnsPeers, targetsPerRule } from './quotas';
import { byDefault, list, oneOf, section, text, type Settings } from './schema';
import { environmentsOf, inRegion, inSettings, repeated, type SettingsInput } from './settings-input';

export const forwardedDomainSchema = section(
  { is: 'A domain whose names are answered by servers outside AWS.', applies: 'next deploy of `shared/resolver`' },
  {
    name: text({
      is: 'Name without a dot at the end, such as `corp.example.com`; everything below it is forwarded as well.',
      replaces: 'the forwarding rule',
    }),
    targets: list(
      {
        is: 'IPv4 addresses of its servers, in on-premises ranges.',
        limits: `2 to ${targetsPerRule}, each once: one may be away`,
      },
      text({ is: 'IPv4 address.' }),
    ),
  },
);

/** A domain that outside servers answer. */
export type ForwardedDomain = Settings<typeof forwardedDomainSchema>;

/** What the DNS firewall does with a query that it cannot check. */
export const firewallFailures = ['open', 'closed'] as const;
/** One of {@link firewallFailures}. */
export type FirewallFailure = (typeof firewallFailures)[number];

export const dnsSchema = section(
  { is: 'DNS inside the VPCs.', applies: 'next deploy of `shared/resolver`' },
  {
    queryLogRetentionDays: byDefault(
      logRetention('How long the log of queries is kept.'),
      90,
      'Every query of every instance is logged, which is a lot; incidents are found within a quarter.',
    ),
    firewallFails: byDefault(
      oneOf(firewallFailures, {
        is: 'What happens to a query that the DNS firewall cannot check because it is impaired. `open` answers it, and a blocked name may slip through. `closed` refuses it.',
      }),
      'open',
      'With `closed`, an impaired firewall breaks DNS for all workloads.',
    ),
    sharedWith: byDefault(
      list(
        "Accounts of the organisation whose own VPCs may use the rules for on-premises domains. The environment's accounts need no entry: their VPCs are in the network account.",
        text({ is: 'Account id.', limits: '12 digits, in quotes' }),
      ),
      [],
    ),
    blockedDomains: byDefault(
      list(
        'Domains that are blocked in the VPCs, beside the managed lists of AWS. A leading `*.` covers all names below.',
        text({ is: 'Domain name in lower case, without a dot at the end.' }),
      ),
      [],
    ),
  },
);

/** DNS inside the VPCs. */
export type DnsSettings = Settings<typeof dnsSchema>;

/** Forwarded domains, query logs and the DNS firewall. */
export function checkDns(input: SettingsInput): Problem[] {
  return [...checkForwardedDomains(input), ...environmentsOf(input).flatMap(checkEnvironment), ...checkLists(input)];

  function checkEnvironment([name, { dns, accounts, domain }]: ReturnType<typeof environmentsOf>[number]): Problem[] {
    const at = (path: string) => inSettings(input, `environments.${name}.dns.${path}`);
    const problems: Problem[] = [];
    dns.sharedWith.forEach((account, index) => {
      const where = at(`sharedWith.${index}`);
      if (!/^\d{12}$/.test(account)) {
        const remedy = 'write its 12 digits as a text in quotes, leading zeros included';
        problems.push({ where, what: `"${account}" is not an AWS account id`, remedy });
      } else if (account === accounts.network) {
        problems.push({ where, what: `${account} is the network account, which owns the rules`, remedy: 'remove it' });
      }
    });
    const ownZone = internalZoneName({ domain });
    const services = ['amazonaws.com', ...input.regions.map(({ awsRegion }) => `${awsRegion}.amazonaws.com`)];
    dns.blockedDomains.forEach((blocked, index) => {
      const where = at(`blockedDomains.${index}`);
      const below = blocked.replace(/^\*\./, '');
      if (!isDomain(below)) {
        problems.push({
          where,
          what: `"${blocked}" is not a domain name`,
          remedy: 'write it in lower case without a dot at the end, with "*." in front for what lies below it',
        });
        return;
      }
      const isPattern = blocked !== below;
      const needed = isWithin(below, ownZone) || (isPattern && isWithin(ownZone, below)) ? ownZone : undefined;
      const service = isPattern ? services.find((each) => each === below) : undefined;
      if (needed ?? service) {
        problems.push({
          where,
          what: `"${blocked}" blocks names of ${needed ? `the private zone ${needed}` : 'the services of AWS'}, which the VPCs need`,
          remedy: 'remove it, or block single names',
        });
      }
    });
    return problems;
  }
}

function checkForwardedDomains(input: SettingsInput): Problem[] {
  const { cidrs = [], domains = [] } = input.settings.onPremises ?? {};
  const ranges = cidrs.map(parseCidr).filter((range) => range !== undefined);
  const problems: Problem[] = repeated(domains, ({ name }) => name).map(([{ name }]) => ({
    where: inSettings(input, `onPremises.domains`),
    what: `"${name}" is listed twice`,
    remedy: 'list all its servers in one entry',
  }));
  const servers = new Set(domains.flatMap(({ targets }) => targets)).size;
  if (servers > dnsPeers) {
    problems.push({
      where: inSettings(input, 'onPremises.domains'),
      what: `${servers} servers in all are more than the security group of the endpoint that asks them can name`,
      remedy: `use at most ${dnsPeers}, the same ones for several domains`,
    });
  }
  domains.forEach(({ name, targets }, index) => {
    const at = (path: string) => inSettings(input, `onPremises.domains.${index}.${path}`);
    if (!isDomain(name)) {
      problems.push({
        where: at('name'),
        what: `"${name}" is not a domain name`,
        remedy: 'write it in lower case without a dot at the end, such as corp.example.com',
      });
    }
    // A rule goes before a private zone of the same name, and the longer name before both (Route 53 developer guide,
    // "Considerations when working with a private hosted zone").
    for (const [environment, { domain }] of environmentsOf(input)) {
      const zone = internalZoneName({ domain });
      if (!isWithin(name, zone)) continue;
      problems.push({
        where: at('name'),
        what: `"${name}" takes names from ${zone}, the private zone of ${environment}`,
        remedy: 'forward another domain',
      });
    }
    if (targets.length < 2) {
      problems.push({
        where: at('targets'),
        what: `${targets.length} server${targets.length === 1 ? '' : 's'} cannot answer while one is away`,
        remedy: 'give at least two addresses',
      });
    }
    if (targets.length > targetsPerRule) {
      problems.push({
        where: at('targets'),
        what: `${targets.length} servers are more than AWS takes for one domain`,
        remedy: `give at most ${targetsPerRule} addresses`,
      });
    }
    targets.forEach((target, position) => {
      const address = parseCidr(`${target}/32`);
      if (address && ranges.some((range) => contains(range, address))) return;
      problems.push({
        where: at(`targets.${position}`),
        what: address ? `${target} is in none of onPremises.cidrs` : `"${target}" is not an IPv4 address`,
        remedy: 'give the address of a server inside an on-premises range, such as 192.168.0.10',
      });
    });
  });
  return problems;
}

function checkLists(input: SettingsInput): Problem[] {
  return input.regions.flatMap((region) =>
    Object.entries(region.managedDomainLists ?? {})
      .filter(([, id]) => !/^rslvr-fdl-[0-9a-f]{8,}$/.test(id))
      .map(([name, id]) => ({
        where: inRegion(input, region, `managedDomainLists.${name}`),
        what: `"${id}" is not an id of a domain list`,
        remedy: `take it from \`aws route53resolver list-firewall-domain-lists --region ${region.awsRegion}\``,
      })),
  );
}

/** Whether a name is the domain itself or lies below it. */
function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

function isDomain(text: string): boolean {
  const labels = text.split('.');
  return (
    text.length <= 253 &&
    labels.length >= 2 &&
    labels.every((label) => /^[a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))
  );
}
