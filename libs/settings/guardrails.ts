import type { Environment } from './environment';
import { ownerOf } from './owners';
import type { Problem } from './problem';
import { byDefault, number, oneOf, section, whole, type Settings } from './schema';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';

export const guardrailsSchema = section(
  {
    is: 'Limits on money and on whole accounts. An account has one of each account-wide setting: one environment manages them.',
    applies: 'next deploy of `global/guardrails`',
  },
  {
    budget: section(
      'A monthly budget for the accounts of the environment, with mails to the owner of `global/guardrails`. Left out: none. The first two budgets of an account are free.',
      {
        monthlyUsd: whole({ is: 'What the environment may cost in a month.', unit: 'USD', from: 1, to: 100_000_000 }),
        forecastPercent: byDefault(
          whole({ is: 'A mail when the forecast of the month passes this share.', unit: '%', from: 1, to: 1000 }),
          100,
        ),
        actualPercent: byDefault(
          whole({ is: 'A mail when the cost of the month passes this share.', unit: '%', from: 1, to: 1000 }),
          80,
        ),
      },
    ).exactOptional(),
    anomalies: section(
      'Cost Anomaly Detection for the accounts of the environment, one mail a day at most. Left out: none. Free.',
      {
        impactUsd: number({ is: 'Anomalies below this are not mailed.', unit: 'USD', from: 1, to: 1_000_000 }),
      },
    ).exactOptional(),
    accountDefaults: byDefault(
      oneOf(['managed', 'unmanaged'], {
        is: '`managed`: in every account, no bucket can be public, and in every region new EBS volumes are encrypted and new instances need IMDSv2. Free.',
        limits: 'one environment for each account',
      }),
      'unmanaged',
      'It also holds for what others run in these accounts: see that no bucket there is public on purpose.',
    ),
    vpcPublicAccess: byDefault(
      oneOf(['open', 'block-ingress'], {
        is: '`block-ingress`: in the network account nothing is reached from the internet, in every region, except the public subnets of the estate. NAT gateways still reach out. Free.',
        limits: 'the only environment of the network account',
      }),
      'open',
      'It also cuts off every other VPC of the account.',
    ),
    configRules: section(
      'AWS Config rules in every account and region, which report what is not encrypted, is public, lets instances use IMDSv1, or lacks tags. They change nothing. Left out: none. A rule is billed per evaluation, a recorder per recorded change.',
      {
        recorder: oneOf(['managed', 'existing'], {
          is: '`managed`: a recorder in every account and region, and one bucket in the management account. `existing`: each account and region has one already, for example of Control Tower; it must record the types of the rules.',
          limits: '`managed`: one environment for each account, because AWS has one recorder per account and region',
        }),
        retentionDays: byDefault(
          whole({
            is: 'How long the history of a `managed` recorder is kept in the bucket.',
            unit: 'days',
            from: 1,
            to: 36_500,
          }),
          365,
        ),
      },
    ).exactOptional(),
  },
);

/** Limits on money and on whole accounts. */
export type GuardrailsSettings = Settings<typeof guardrailsSchema>;

/** Folder of the stack. */
const folder = 'global/guardrails';

/** Mail addresses that are told of costs: those of the owner of the stack. */
export function costRecipients({
  owners,
  alarmRecipients = {},
}: Pick<Environment, 'owners' | 'alarmRecipients'>): readonly string[] {
  return alarmRecipients[ownerOf(owners, folder) ?? '']?.email ?? [];
}

/** Account-wide settings that two environments would both manage, and mails without recipients. */
export function checkGuardrails(input: SettingsInput): Problem[] {
  const environments = environmentsOf(input);
  return environments.flatMap(([name, environment], index) => {
    const { guardrails, accounts } = environment;
    const problems: Problem[] = [];
    const at = (field: string) => inSettings(input, `environments.${name}.guardrails.${field}`);
    const sharing = (ids: readonly string[], others: typeof environments) =>
      others.find(([, other]) => Object.values(other.accounts).some((id) => ids.includes(id)))?.[0];
    if (guardrails.accountDefaults === 'managed') {
      const earlier = environments
        .slice(0, index)
        .filter(([, other]) => other.guardrails.accountDefaults === 'managed');
      const other = sharing(Object.values(accounts), earlier);
      if (other) {
        problems.push({
          where: at('accountDefaults'),
          what: `"managed" although ${other} shares an account with ${name} and manages it already`,
          remedy: "use 'unmanaged' in one of the two",
        });
      }
    }
    if (guardrails.configRules?.recorder === 'managed') {
      const earlier = environments
        .slice(0, index)
        .filter(([, other]) => other.guardrails.configRules?.recorder === 'managed');
      const other = sharing(Object.values(accounts), earlier);
      if (other) {
        problems.push({
          where: at('configRules.recorder'),
          what: `"managed" although ${other} shares an account with ${name} and manages its recorder already`,
          remedy: "use 'existing' in one of the two",
        });
      }
    }
    if (guardrails.vpcPublicAccess === 'block-ingress') {
      const other = sharing(
        [accounts.network],
        environments.filter(([each]) => each !== name),
      );
      if (other) {
        problems.push({
          where: at('vpcPublicAccess'),
          what: `"block-ingress" would cut off ${other}, which shares the network account ${accounts.network}`,
          remedy: "use 'open', or give each environment a network account",
        });
      }
    }
    if (
      (guardrails.budget || guardrails.anomalies) &&
      costRecipients({ ...input.settings, ...environment }).length === 0
    ) {
      const owner = ownerOf(input.settings.owners, folder) ?? 'the owner';
      problems.push({
        where: at(guardrails.budget ? 'budget' : 'anomalies'),
        what: `its mails have no recipient: ${owner} owns ${folder} and has no address`,
        remedy: `add environments.${name}.alarmRecipients.${owner}.email`,
      });
    }
    return problems;
  });
}
