import type { Problem } from './problem';
import { byProfile, list, section, text, whole, type Settings } from './schema';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';

export const rolloutSchema = section(
  {
    is: 'The gate between two regions of a rollout: what must stay green in the regions that were changed.',
    applies: 'next rollout',
  },
  {
    waitSec: byProfile(
      whole({
        is: 'How long everything must stay green after a change. An alarm whose period is longer is not waited for.',
        unit: 's',
        from: 0,
        to: 86_400,
      }),
      { production: 600, development: 120 },
      'Ten minutes let alarms of a minute see the change.',
    ),
    alarms: list(
      'CloudWatch alarms of the workload account that every region has. One in state ALARM or a missing one is red; at the end of the wait also one without data.',
      text({ is: 'Name of an alarm.' }),
    ).exactOptional(),
    url: text({
      is: 'Address that must answer with 2xx. `{region}` stands for the key of the region: `https://{region}.example.com/healthz`.',
    }).exactOptional(),
    command: text({
      is: 'Command line for the shell, run at the workspace root, that must exit with 0 within 15 minutes. It gets `PLATFORM_ENVIRONMENT`, `PLATFORM_REGION` and `AWS_REGION`.',
    }).exactOptional(),
  },
);

/** What must be green before a rollout continues with the next region. What is missing is not checked. */
export type RolloutSettings = Settings<typeof rolloutSchema>;

/** Gates that could never be green. */
export function checkRollout(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([name, { rollout }]) => {
    const at = (field: string) => inSettings(input, `environments.${name}.rollout.${field}`);
    const problems: Problem[] = [];
    // CloudWatch API reference, PutMetricAlarm: names have 1 to 255 characters.
    rollout.alarms?.forEach((alarm, index) => {
      if (/^[\x20-\x7e]{1,255}$/.test(alarm) && !alarm.startsWith('arn:')) return;
      problems.push({
        where: at(`alarms.${index}`),
        what: `"${alarm}" is not a name of an alarm`,
        remedy: 'give the name alone, as every region has it, such as prod-app-errors',
      });
    });
    if (rollout.url !== undefined) problems.push(...checkGateUrl(at('url'), rollout.url));
    if (rollout.command !== undefined && rollout.command.trim() === '') {
      problems.push({ where: at('command'), what: 'is empty', remedy: 'give a command line, or leave it out' });
    }
    return problems;
  });
}
/** A gate URL that cannot be requested. */
export function checkGateUrl(where: string, url: string): Problem[] {
  const filled = url.replaceAll('{region}', 'region');
  if (URL.canParse(filled) && /^https?:\/\/[^{}\s]+$/.test(filled)) {
    // Fetch refuses it (https://fetch.spec.whatwg.org/#dom-request), and everybody who reads the settings would have it.
    const { username, password } = new URL(filled);
    if (username === '' && password === '') return [];
    return [
      {
        where,
        what: `"${url}" has a user name or password, which requests cannot have`,
        remedy: 'use an address that needs none',
      },
    ];
  }
  return [
    {
      where,
      what: `"${url}" is not a URL that can be requested`,
      remedy: 'write it as https://{region}.example.com/healthz; {region} is the only placeholder',
    },
  ];
}
