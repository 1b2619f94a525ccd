import { logRetentionDays } from './log-retention';
import type { Problem } from './problem';
import { environmentsOf, inSettings, repeated, type SettingsInput } from './settings-input';

/** What each environment has of its own: names, domain, accounts, segment, retention. */
export function checkEnvironments(input: SettingsInput): Problem[] {
  const environments = environmentsOf(input);
  const segments = Object.keys(input.settings.segments);
  const problems: Problem[] = [];
  for (const [name, environment] of environments) {
    const at = (path: string) => inSettings(input, `environments.${name}${path}`);
    // Names of load balancers and target groups have 32 characters, and the environment comes first in all of them.
    if (!/^[a-z][a-z0-9-]{0,10}[a-z0-9]$/.test(name)) {
      problems.push({
        where: at(''),
        what: `"${name}" cannot stand in names of resources`,
        remedy: 'use 2–12 lower-case letters, digits or hyphens, a letter first',
      });
    }
    if (!isDomain(environment.domain)) {
      problems.push({
        where: at('.domain'),
        what: `"${environment.domain}" is no domain name`,
        remedy: 'write it in lower case with at least one dot and no dot at the end, such as example.com',
      });
    }
    for (const [role, id] of Object.entries(environment.accounts)) {
      if (!/^\d{12}$/.test(id)) {
        problems.push({
          where: at(`.accounts.${role}`),
          what: `"${id}" is no AWS account id`,
          remedy: 'write its 12 digits as a text in quotes, leading zeros included',
        });
      }
    }
    if (!segments.includes(environment.segment)) {
      problems.push({
        where: at('.segment'),
        what: `there is no segment "${environment.segment}"`,
        remedy: `use one of ${segments.join(', ')}`,
      });
    }
    if (!logRetentionDays.includes(environment.flowLogRetentionDays)) {
      problems.push({
        where: at('.flowLogRetentionDays'),
        what: `CloudWatch Logs cannot keep logs for ${environment.flowLogRetentionDays} days`,
        remedy: `use one of ${logRetentionDays.join(', ')}`,
      });
    }
  }
  for (const [[name, { domain }], [first]] of repeated(environments, ([, environment]) => environment.domain)) {
    problems.push({
      where: inSettings(input, `environments.${name}.domain`),
      what: `"${domain}" is the domain of ${first} already`,
      remedy: `give each environment its own, such as ${name}.${domain}`,
    });
  }
  return problems;
}

/** RFC 1035 labels of 1–63 characters, 253 in all, and a top level that is no number. */
function isDomain(text: string): boolean {
  const labels = text.split('.');
  return (
    text.length <= 253 &&
    labels.length >= 2 &&
    labels.every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label)) &&
    /[a-z]/.test(labels.at(-1)!)
  );
}
