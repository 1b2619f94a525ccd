import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { homeFolder } from '@platform/tools/workspace/home-folder';
import type { TerraformBinary } from './find-terraform';
import { terraformPlatform } from './platform';
import { allows } from './version-constraint';

/** A provider that a configuration asks for. */
export interface ProviderRequirement {
  /** `hashicorp/aws` */
  readonly source: string;
  /** Terraform's version constraint: `5.100.0`, `~> 5.100`. */
  readonly version: string;
}

/** Where Terraform takes the AWS provider from, and how it is told. */
export interface ProviderSource {
  /**
   * `setting`: the folder that `PLATFORM_PROVIDER_MIRROR` names. `cli-config`: the user's own CLI configuration says.
   * `implied`: a folder that Terraform looks into by itself, or `terraform.d/plugins` of the workspace. `found`: a
   * mirror where add-on software is kept. `registry`: the public registry.
   */
  readonly kind: 'setting' | 'cli-config' | 'implied' | 'found' | 'registry';
  /** The mirror, or the user's file; nothing for the registry. */
  readonly path?: string;
  /**
   * What a call of Terraform needs in its environment so that it uses this source. Empty where Terraform does so by
   * itself.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** The provider's program, where it lies ready to run: it can then be started once for many plans. */
  readonly executable?: string;
}

/** The mirror that was asked for cannot serve. */
export class ProviderMirrorError extends Error {
  override readonly name = 'ProviderMirrorError';
  readonly exitCode = 2;
}

export interface FindProviderSourceOptions {
  readonly requirement: ProviderRequirement;
  /** Folder that a CLI configuration file is written into where one is needed; made then. */
  readonly configFolder: string;
  /** Decides the registry's name and the user's files. Default `terraform`. */
  readonly product?: TerraformBinary['product'];
  /**
   * Folder whose `terraform.d/plugins` counts: the workspace or one configuration's. Terraform itself looks only into
   * the folder that it runs in, so it is told of this one. Default: the current folder.
   */
  readonly cwd?: string;
  /** Default: this process's. Read are `PLATFORM_PROVIDER_MIRROR`, `TF_CLI_CONFIG_FILE`, `HOME` and `XDG_*`. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Folders below which packages of add-on software lie. Default {@link ADD_ON_PLACES}. */
  readonly addOnPlaces?: readonly string[];
}

/**
 * Where the Filesystem Hierarchy Standard 3.0 keeps software that is not part of the system: `/opt` (add-on packages,
 * §3.13), `/var/opt` (their data, §5.12), and the administrator's own below `/usr/local` (§4.9) and `/srv` (§3.17). A
 * mirror is a folder of one package in there. `/usr/lib` and `/usr/share` are the distribution's: what it packages for
 * Terraform lies in `/usr/share/terraform/plugins`, which Terraform reads by itself.
 */
export const ADD_ON_PLACES: readonly string[] = [
  '/opt',
  '/usr/local/share',
  '/usr/local/lib',
  '/usr/local/libexec',
  '/var/opt',
  '/srv',
];

/** The example that Terraform's documentation gives for a `filesystem_mirror`. */
const DOCUMENTED_MIRROR = '/usr/share/terraform/providers';

/** Host of the registry that a program takes providers from. */
export const REGISTRIES: Readonly<Record<TerraformBinary['product'], string>> = {
  terraform: 'registry.terraform.io',
  tofu: 'registry.opentofu.org',
};

/** The provider that a synthesised configuration asks for, by its `required_providers`. */
export function requiredProvider(configuration: unknown, name = 'aws'): ProviderRequirement | undefined {
  const terraform = (configuration as { terraform?: unknown }).terraform;
  for (const block of Array.isArray(terraform) ? terraform : [terraform]) {
    const providers = (block as { required_providers?: unknown } | undefined)?.required_providers;
    for (const entry of Array.isArray(providers) ? providers : [providers]) {
      const required = (entry as Record<string, { source?: string; version?: string }> | undefined)?.[name];
      if (!required) continue;
      const source = required.source ?? name;
      return {
        source: source.includes('/') ? source.split('/').slice(-2).join('/') : `hashicorp/${source}`,
        version: required.version ?? '>= 0',
      };
    }
  }
  return undefined;
}

/**
 * Decides where the provider comes from, by rule and never by one fixed path: the setting, the user's CLI configuration
 * (which is then left as it is), the folders that Terraform implies, mirrors among add-on software, the registry. Only a
 * mirror that holds the provider in a version that is asked for, for this platform, counts.
 * @throws ProviderMirrorError where `PLATFORM_PROVIDER_MIRROR` names a folder that does not hold the provider, or every
 * user of the machine can change the provider; such a mirror among add-on software is skipped
 */
export function findProviderSource(options: FindProviderSourceOptions): ProviderSource {
  const { requirement, configFolder, product = 'terraform', cwd = process.cwd() } = options;
  const { environment = process.env, addOnPlaces = ADD_ON_PLACES } = options;
  const registry = REGISTRIES[product];
  const look = (mirror: string) => {
    const held = lookInto(mirror, registry, requirement);
    const writable = held?.executable === undefined ? undefined : writableByOthers(held.executable);
    if (writable !== undefined) {
      throw new ProviderMirrorError(
        `${mirror}: every user of this machine can change ${writable}, from where the provider would be started; run: chmod o-w '${writable}'`,
      );
    }
    return held;
  };

  const setting = environment['PLATFORM_PROVIDER_MIRROR'];
  if (setting) {
    const path = resolve(setting);
    const held = look(path);
    if (!held) {
      throw new ProviderMirrorError(
        `PLATFORM_PROVIDER_MIRROR: '${setting}' does not hold ${requirement.source} ${requirement.version} for ` +
          `${terraformPlatform()}; name the folder that contains '${registry}', or unset it`,
      );
    }
    return { kind: 'setting', path, ...useMirror(path, registry, configFolder), ...held };
  }

  const userConfig = findCliConfig(environment, product);
  if (userConfig !== undefined) {
    const executable = mirrorsOf(userConfig)
      .map(look)
      .find((held) => held?.executable)?.executable;
    return { kind: 'cli-config', path: userConfig, environment: {}, ...(executable ? { executable } : {}) };
  }

  const beside = join(cwd, 'terraform.d', 'plugins');
  const besideHeld = look(beside);
  if (besideHeld) return { kind: 'implied', path: beside, ...useMirror(beside, registry, configFolder), ...besideHeld };
  const implied = impliedMirrors(environment);
  for (const path of implied) {
    const held = look(path);
    if (held) return { kind: 'implied', path, environment: {}, ...held };
  }

  for (const path of addOnMirrors(addOnPlaces, registry)) {
    const held = lookInto(path, registry, requirement);
    if (held?.executable !== undefined && writableByOthers(held.executable) !== undefined) continue;
    if (held) return { kind: 'found', path, ...useMirror(path, registry, configFolder), ...held };
  }

  // An implied folder with other versions of the provider would keep Terraform from asking the registry.
  const shadowed = implied.some((path) => existsSync(join(path, registry, requirement.source)));
  return { kind: 'registry', environment: shadowed ? writeCliConfig(configFolder, '  direct {}\n') : {} };
}

/**
 * The provider's program in a folder with the layout of an unpacked mirror, which is also that of `.terraform/providers`
 * after an init.
 */
export function providerExecutable(
  folder: string,
  requirement: ProviderRequirement,
  product: TerraformBinary['product'] = 'terraform',
): string | undefined {
  return lookInto(folder, REGISTRIES[product], requirement)?.executable;
}

/** Whether a mirror holds the provider, and its program where it is unpacked. The newest allowed version wins. */
function lookInto(
  mirror: string,
  registry: string,
  requirement: ProviderRequirement,
): { executable?: string } | undefined {
  const folder = join(mirror, registry, ...requirement.source.split('/'));
  const type = requirement.source.split('/').at(-1)!;
  const platform = terraformPlatform();
  const packed = new RegExp(`^terraform-provider-${type}_(\\d.*)_${platform}\\.zip$`);
  const found = list(folder)
    .map((name) => {
      const version = packed.exec(name)?.[1];
      if (version !== undefined) return { version };
      const unpacked = join(folder, name, platform);
      const program = list(unpacked).find((file) => file.startsWith(`terraform-provider-${type}`));
      return { version: name, ...(program === undefined ? {} : { executable: join(unpacked, program) }) };
    })
    .filter(
      ({ version, ...held }) => allows(requirement.version, version) && ('executable' in held || packedIn(version)),
    )
    .sort((a, b) => b.version.localeCompare(a.version, 'en', { numeric: true }) || ('executable' in b ? 1 : -1));
  function packedIn(version: string): boolean {
    return existsSync(join(folder, `terraform-provider-${type}_${version}_${platform}.zip`));
  }
  const best = found[0];
  return best && ('executable' in best ? { executable: best.executable } : {});
}

/** The user's CLI configuration, where Terraform would read it; a file that is named and does not exist is none. */
function findCliConfig(environment: NodeJS.ProcessEnv, product: TerraformBinary['product']): string | undefined {
  const named = environment['TF_CLI_CONFIG_FILE'] || environment['TERRAFORM_CONFIG'];
  if (named) return existsSync(named) ? resolve(named) : undefined;
  const home = homeFolder(environment);
  const config = environment['XDG_CONFIG_HOME'] || join(home, '.config');
  const candidates = [
    ...(product === 'tofu' ? [join(home, '.tofurc'), join(config, 'opentofu', 'tofurc')] : []),
    join(home, '.terraformrc'),
  ];
  return candidates.find((path) => existsSync(path));
}

/** The filesystem mirrors that a CLI configuration names. */
function mirrorsOf(cliConfig: string): string[] {
  const text = readFileSync(cliConfig, 'utf8').replace(/^\s*(?:#|\/\/).*$/gm, '');
  return [...text.matchAll(/filesystem_mirror\s*\{[^}]*?\bpath\s*=\s*"([^"]+)"/g)].map(([, path]) => path!);
}

/** Terraform's own search, in the words of its documentation: "Implied Local Mirror Directories". */
function impliedMirrors(environment: NodeJS.ProcessEnv): string[] {
  const home = homeFolder(environment);
  const inHome = join(home, '.terraform.d', 'plugins');
  if (process.platform === 'darwin') {
    const support = join('Library', 'Application Support', 'io.terraform', 'plugins');
    return [inHome, join(home, support), join('/', support)];
  }
  const dataHome = environment['XDG_DATA_HOME'] || join(home, '.local', 'share');
  const dataDirs = (environment['XDG_DATA_DIRS'] || '/usr/local/share:/usr/share').split(':').filter(isAbsolute);
  return [inHome, ...[dataHome, ...dataDirs].map((folder) => join(folder, 'terraform', 'plugins'))];
}

/** Folders of packages that hold a registry. One that every user can write to is skipped. */
function addOnMirrors(places: readonly string[], registry: string): string[] {
  const packages = places.flatMap((place) => list(place).map((name) => join(place, name)));
  return [...packages, DOCUMENTED_MIRROR].filter((path) => {
    const stat = statSync(join(path, registry), { throwIfNoEntry: false });
    return stat?.isDirectory() === true && writableByOthers(join(path, registry)) === undefined;
  });
}

/**
 * Providers of the mirror come from the mirror only, because Terraform asks every method that may have one, and a
 * registry that cannot be reached fails the whole init. What the mirror lacks comes from where it always does.
 */
function useMirror(path: string, registry: string, folder: string): { environment: Readonly<Record<string, string>> } {
  const held = list(join(path, registry)).flatMap((namespace) =>
    list(join(path, registry, namespace)).map((type) => `${registry}/${namespace}/${type}`),
  );
  const mirror = `  filesystem_mirror {\n    path = ${quote(path)}\n  }\n`;
  const direct = `  direct {\n    exclude = [${held.map(quote).join(', ')}]\n  }\n`;
  return { environment: writeCliConfig(folder, mirror + direct) };
}

/** A string in HCL. */
const quote = (text: string) => JSON.stringify(text).replaceAll('${', '$${').replaceAll('%{', '%%{');

/** Written beside and renamed: another process may be reading the same file. */
function writeCliConfig(folder: string, body: string): { TF_CLI_CONFIG_FILE: string } {
  mkdirSync(folder, { recursive: true });
  const file = join(resolve(folder), 'terraform.tfrc');
  const temporary = `${file}.${randomUUID()}`;
  writeFileSync(temporary, `# Written by the platform's tools for each run.\nprovider_installation {\n${body}}\n`);
  renameSync(temporary, file);
  return { TF_CLI_CONFIG_FILE: file };
}

/** The first file or folder on the way to a file that every user can change. A sticky folder such as /tmp protects what is in it. */
function writableByOthers(file: string): string | undefined {
  for (let path = file, above = dirname(file); ; path = above, above = dirname(above)) {
    const { mode } = statSync(path);
    if ((mode & 0o002) !== 0 && ((mode & 0o1000) === 0 || path === file)) return path;
    if (above === path) return undefined;
  }
}

/** Names in a folder, sorted; none where it cannot be read. */
function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
