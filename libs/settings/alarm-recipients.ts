import { ownerOf } from './owners';
import type { Problem } from './problem';
import { list, named, section, text, type Settings } from './schema';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';

const recipientsSchema = section('Who is told when an alarm of the stacks of one team fires, and when it ends.', {
  email: list(
    'Addresses. AWS sends each a link to confirm; until somebody follows it, the address gets nothing.',
    text({ is: 'Address of a person, a list or a chat channel.' }),
  ).exactOptional(),
  https: list(
    'Addresses of a pager or a chat service that confirms subscriptions of SNS by itself, such as PagerDuty or Opsgenie. A deploy fails while one does not.',
    text({ is: 'Address that begins with `https://`.' }),
  ).exactOptional(),
});

export const alarmRecipientsSchema = named(
  {
    is: 'Recipients of alarms by team of `owners`. In an environment of profile `production` every team that owns stacks has at least one.',
    applies: 'next deploy of the stacks with alarms',
  },
  recipientsSchema,
);
/** Recipients of alarms by team. */
export type AlarmRecipients = Settings<typeof alarmRecipientsSchema>;

/** Recipients that exist, one at least for every team that answers for stacks in production. */
export function checkAlarmRecipients(input: SettingsInput): Problem[] {
  const { owners } = input.settings;
  const folderOf = new Map(
    input.folders
      .filter((folder) => /^(region-[^/]+|global|shared)\/./.test(folder))
      .flatMap((folder) => {
        const team = ownerOf(owners, folder);
        return team === undefined ? [] : [[team, folder] as const];
      })
      .reverse(),
  );
  return environmentsOf(input).flatMap(([name, { profile, alarmRecipients = {} }]) => {
    const problems: Problem[] = [];
    const add = (path: string, what: string, remedy: string) =>
      problems.push({ where: inSettings(input, `environments.${name}.alarmRecipients.${path}`), what, remedy });
    const teams = [...new Set(Object.values(owners))];
    for (const [team, { email = [], https = [] }] of Object.entries(alarmRecipients)) {
      if (!teams.includes(team)) add(team, `there is no team "${team}" in owners`, `use one of ${teams.join(', ')}`);
      email.forEach((address, index) => {
        if (/^[^@\s]+@[^@\s]+\.[^@\s.]+$/.test(address)) return;
        add(`${team}.email.${index}`, `"${address}" is not an address`, 'write it as oncall@acme.io');
      });
      https.forEach((address, index) => {
        if (URL.canParse(address) && new URL(address).protocol === 'https:' && !/\s/.test(address)) return;
        add(
          `${team}.https.${index}`,
          `"${address}" is not an address for HTTPS`,
          'begin it with https://, and write %20 for a space',
        );
      });
    }
    if (profile === 'development') return problems;
    for (const [team, folder] of folderOf) {
      const { email = [], https = [] } = alarmRecipients[team] ?? {};
      if (email.length + https.length > 0) continue;
      add(
        team,
        `the team owns ${folder}, and its alarms have no recipient`,
        `add ${team}: { email: ['…'] } or { https: ['…'] }`,
      );
    }
    return problems;
  });
}
