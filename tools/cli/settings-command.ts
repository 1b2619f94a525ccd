import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { effectiveSettings, settingsTable } from '@platform/libs/settings/origins';
import { referenceFile, settingsReference } from '@platform/libs/settings/reference';
import { findRoot } from '@platform/tools/workspace/find-root';
import { loadCheckedSettings } from '@platform/tools/workspace/load-estate';
import { chosenEnvironment, type EstateOptions } from './estate-options';
import { print, talk } from './output';

export interface SettingsOptions extends Pick<EstateOptions, 'configuration' | 'json'> {
  /** Prints the names of the environments instead, one a line. */
  readonly environments?: boolean;
  /** Writes the reference page instead. */
  readonly writeReference?: boolean;
}

/** Prints every setting of an environment with its value and origin, or the environments, or writes the reference page. */
export async function settingsCommand({
  writeReference,
  environments,
  json,
  ...options
}: SettingsOptions): Promise<number> {
  const root = findRoot();
  if (writeReference) {
    writeFileSync(join(root, referenceFile), settingsReference());
    talk(`${referenceFile} written`);
    return 0;
  }
  const { settings, regions } = loadCheckedSettings(root);
  const names = Object.keys(settings.environments);
  if (environments) {
    print(json ? JSON.stringify(names) : names.join('\n'));
    return 0;
  }
  const { environment = names[0]! } = chosenEnvironment(options);
  const { name } = selectEnvironment(settings, environment);
  const found = effectiveSettings(settings, regions, name);
  if (json) print(JSON.stringify({ environment: name, settings: found }, null, 2));
  else print(settingsTable(found, process.stdout.isTTY ? process.stdout.columns : undefined));
  return 0;
}
