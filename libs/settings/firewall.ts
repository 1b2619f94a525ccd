import type { Problem } from './problem';
import { byDefault, named, oneOf, section, text, whole, type Settings } from './schema';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';

const groupSchema = (is: string, mode: 'count' | 'block', because: string) =>
  section(is, {
    mode: byDefault(
      oneOf(['count', 'block'], { is: '`count`: matches are logged and let through. `block`: they get 403.' }),
      mode,
      because,
    ),
    version: text({
      is: "Version to stay at, such as `Version_1.13`: `aws wafv2 list-available-managed-rule-group-versions` lists them. Left out: AWS's default, which AWS moves.",
    }).exactOptional(),
    rules: named(
      "What single rules of the group do instead, by AWS's name such as `SizeRestrictions_BODY`. Left out: as the group says.",
      oneOf(['count', 'block', 'allow'], { is: 'What the rule does.' }),
    ).exactOptional(),
  }).prefault({});

const certain = 'Its matches are hardly ever requests of users.';
const unsure =
  'It also matches ordinary requests, such as long bodies. Read the log of counted requests, except rules, then block.';

export const firewallSchema = section(
  {
    is: "AWS's managed rules in the web ACLs, the same in front of distributions and load balancers: a request passes both.",
    applies: 'next deploy of `region-*/cloudfront` and of every application',
  },
  {
    ipReputation: groupSchema('Addresses with a bad reputation. This group has no versions.', 'block', certain),
    knownBadInputs: groupSchema('Requests that exploit known faults, such as that of Log4j.', 'block', certain),
    common: groupSchema('Common attacks.', 'count', unsure),
    sqlInjection: groupSchema('SQL in requests.', 'count', unsure),
    blockedAlarm: byDefault(
      whole({
        is: 'Blocked requests at a load balancer above which an alarm fires.',
        unit: 'requests per 5 min',
        from: 1,
        to: 1_000_000_000,
      }),
      1000,
      'An attack, or a rule that blocks users.',
    ),
  },
);
/** AWS's managed rules in the web ACLs. */
export type FirewallSettings = Settings<typeof firewallSchema>;
/** The rule groups of the settings. */
export type ManagedGroup = Exclude<keyof FirewallSettings, 'blockedAlarm'>;

/** Versions that WAF would refuse. */
export function checkFirewall(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([name, { firewall }]) => {
    const { blockedAlarm: _, ...groups } = firewall;
    return Object.entries(groups).flatMap(([group, { version }]): Problem[] => {
      const where = inSettings(input, `environments.${name}.firewall.${group}.version`);
      if (version === undefined) return [];
      if (group === 'ipReputation') {
        return [{ where, what: `"${version}" is not possible: this group has no versions`, remedy: 'remove it' }];
      }
      if (/^Version_\d+\.\d+$/.test(version)) return [];
      return [{ where, what: `"${version}" is not a version of a rule group`, remedy: 'write it as Version_1.13' }];
    });
  });
}
