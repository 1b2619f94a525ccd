import type { Problem } from './problem';
import { environmentsOf, inSettings, type SettingsInput } from './settings-input';

/** Gates of rollouts: what could never be green, and what nobody could wait for. */
export function checkRollout(input: SettingsInput): Problem[] {
  return environmentsOf(input).flatMap(([name, { rollout }]) => {
    const at = (field: string) => inSettings(input, `environments.${name}.rollout.${field}`);
    const problems: Problem[] = [];
    if (!Number.isInteger(rollout.waitSec) || rollout.waitSec < 0 || rollout.waitSec > 86_400) {
      problems.push({
        where: at('waitSec'),
        what: `${rollout.waitSec} is no time to wait between two regions`,
        remedy: 'give whole seconds, 0–86400; 600 lets alarms see ten minutes of the change',
      });
    }
    // CloudWatch API reference, PutMetricAlarm: names have 1 to 255 characters.
    rollout.alarms?.forEach((alarm, index) => {
      if (/^[\x20-\x7e]{1,255}$/.test(alarm) && !alarm.startsWith('arn:')) return;
      problems.push({
        where: at(`alarms.${index}`),
        what: `"${alarm}" is no name of an alarm`,
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

/** An address of a gate that nobody could ask. */
export function checkGateUrl(where: string, url: string): Problem[] {
  const filled = url.replaceAll('{region}', 'region');
  if (URL.canParse(filled) && /^https?:\/\/[^{}]+$/.test(filled)) return [];
  return [
    {
      where,
      what: `"${url}" is no address that can be asked`,
      remedy: 'give one such as https://{region}.example.com/healthz; {region} is the only thing in braces',
    },
  ];
}
