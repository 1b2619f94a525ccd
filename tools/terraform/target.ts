import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';
import { homeFolder } from '@platform/tools/workspace/home-folder';

/** Where a configuration runs: nowhere (offline, no credentials), on an emulator of AWS, or in AWS. */
export const targets = ['preview', 'emulator', 'aws'] as const;
export type Target = (typeof targets)[number];

const credentialVariables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_PROFILE',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
];

/**
 * The target that `PLATFORM_TARGET` names, else `aws` where the AWS SDK would find credentials without asking the
 * network, else `preview`.
 * @throws WrongUse when `PLATFORM_TARGET` holds something else.
 */
export function targetFromProcess(variables: NodeJS.ProcessEnv, home = homeFolder(variables)): Target {
  const wanted = variables['PLATFORM_TARGET'];
  if (wanted) {
    if ((targets as readonly string[]).includes(wanted)) return wanted as Target;
    throw new WrongUse(`PLATFORM_TARGET: there is no target "${wanted}"; use one of ${targets.join(', ')}`);
  }
  const files = [
    variables['AWS_SHARED_CREDENTIALS_FILE'] ?? join(home, '.aws', 'credentials'),
    variables['AWS_CONFIG_FILE'] ?? join(home, '.aws', 'config'),
  ];
  const found = credentialVariables.some((name) => variables[name]) || files.some((file) => existsSync(file));
  return found ? 'aws' : 'preview';
}
