import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockFile } from '@platform/tools/terraform/verify-provider';
import { sha256 } from '@platform/tools/workspace/file-digests';
import type { LiveSession } from './live-session';

/** Below `.terraform`, so that who removes that folder removes it too. */
const stampFile = join('.terraform', 'initialised-for');

/**
 * `terraform init` where it is needed: in a folder that was last initialised for another backend, provider, Terraform or
 * place of providers, or whose provider has gone. Anywhere else it would only read 675 MB of provider again to find that
 * its checksum is still right, which every plan and apply checks for itself.
 */
export async function initialise(
  session: Pick<LiveSession, 'options' | 'terraform'>,
  stack: string,
  folder: string,
): Promise<void> {
  const wanted = initialisedFor(session, folder);
  const stamp = join(folder, stampFile);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && hasProviders(folder)) return;
  rmSync(stamp, { force: true });
  const lock = join(session.options.root, lockFile);
  // The checksums of this workspace, also where an earlier init recorded others.
  if (existsSync(lock)) cpSync(lock, join(folder, lockFile));
  // What the folder was initialised for last does not count: where the state lies stands in the configuration.
  await session.terraform.run(folder, stack, ['init', '-input=false', '-no-color', '-reconfigure'], { reads: true });
  writeFileSync(stamp, wanted);
}

/** SHA-256 of all that `terraform init` looks at. */
function initialisedFor(session: Pick<LiveSession, 'options' | 'terraform'>, folder: string): string {
  const blocks = readdirSync(folder)
    .filter((name) => name.endsWith('.tf.json'))
    .sort()
    .map((name) => (JSON.parse(readFileSync(join(folder, name), 'utf8')) as { terraform?: object }).terraform);
  const config = session.terraform.variables['TF_CLI_CONFIG_FILE'];
  const places = config !== undefined && existsSync(config) ? readFileSync(config, 'utf8') : undefined;
  const { path, version } = session.terraform.binary;
  const lock = join(session.options.root, lockFile);
  const locked = existsSync(lock) ? readFileSync(lock, 'utf8') : undefined;
  return sha256(JSON.stringify({ blocks, places, path, version, locked }));
}

/** Whether the lock file is there, and all that `.terraform/providers` has or links to. */
function hasProviders(folder: string): boolean {
  const exists = (path: string, levels: number): boolean =>
    existsSync(path) && (levels === 0 || readdirSync(path).every((name) => exists(join(path, name), levels - 1)));
  // host / namespace / name / version / platform
  return existsSync(join(folder, lockFile)) && exists(join(folder, '.terraform', 'providers'), 5);
}
