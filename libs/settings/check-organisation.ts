import type { Problem } from './problem';
import { inSettings, type SettingsInput } from './settings-input';

/** Names that reach into AWS: those of buckets, roles and tags. */
export function checkOrganisation(input: SettingsInput): Problem[] {
  const { organisation, costCentre, home, deployRole, environments } = input.settings;
  const keys = input.regions.map(({ key }) => key);
  const problems: Problem[] = [];
  // Bucket names have 63 characters for organisation, environment, purpose and region together (S3 user guide, bucket naming rules).
  if (!/^[a-z][a-z0-9-]{1,18}[a-z0-9]$/.test(organisation) || organisation.includes('--')) {
    problems.push({
      where: inSettings(input, 'organisation'),
      what: `"${organisation}" cannot stand in bucket names`,
      remedy: 'use 3–20 lower-case letters, digits or single hyphens, a letter first and no hyphen last',
    });
  }
  if (!/^[\p{L}\p{N} _.:/=+\-@]{1,256}$/u.test(costCentre)) {
    problems.push({
      where: inSettings(input, 'costCentre'),
      what: `"${costCentre}" is no tag value`,
      remedy: 'use 1–256 letters, digits, spaces or _ . : / = + - @',
    });
  }
  if (!/^[\w+=,.@-]{1,64}$/.test(deployRole)) {
    problems.push({
      where: inSettings(input, 'deployRole'),
      what: `"${deployRole}" is no name of an IAM role`,
      remedy: 'give the name, not the ARN: 1–64 letters, digits or _ + = , . @ -',
    });
  }
  if (!keys.includes(home)) {
    problems.push({
      where: inSettings(input, 'home'),
      what: `there is no region "${home}"`,
      remedy: `use one of ${keys.join(', ')}`,
    });
  }
  if (Object.keys(environments).length === 0) {
    problems.push({
      where: inSettings(input, 'environments'),
      what: 'there are none',
      remedy: 'add one, for example prod',
    });
  }
  return problems;
}
