import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { terraformCacheFolder } from './download-terraform';
import { terraformFailure } from './failure';
import type { TerraformBinary } from './find-terraform';
import { terraformPlatform } from './platform';
import {
  findProviderSource,
  providerExecutable,
  type ProviderRequirement,
  type ProviderSource,
} from './provider-source';
import { runTerraform } from './run-terraform';
import { lockedProvider, lockFile } from './verify-provider';

export interface UnpackProviderOptions {
  /** Workspace whose lock file counts. */
  readonly root: string;
  readonly binary: TerraformBinary;
  readonly requirement: ProviderRequirement;
  /** Where the provider comes from; returned as it is when its program lies there ready to run. */
  readonly source: ProviderSource;
  /** Folder for a CLI configuration file. */
  readonly configFolder: string;
  /** The environment that Terraform is called with. Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Lets Terraform install the provider once for all stacks of this and later runs, and uses what it installed as a
 * mirror: without it every stack would fetch and unpack 675 MB. Terraform verifies the provider as it always does.
 * @throws TerraformFailure when it cannot be installed
 */
export async function unpackProvider(options: UnpackProviderOptions): Promise<ProviderSource> {
  const { root, binary, requirement, source, environment = process.env, onProgress, signal } = options;
  if (source.executable) return source;
  const cache = join(terraformCacheFolder(environment), 'providers');
  const name = [requirement.source.replace('/', '-'), requirement.version, terraformPlatform()].join('_');
  const folder = join(cache, binary.product, name.replaceAll(/[^\w.-]+/g, '-'));
  if (!providerExecutable(installedIn(folder), requirement, binary.product)) {
    onProgress?.(`installing ${requirement.source} ${requirement.version} once for all stacks, into ${folder}`);
    await install(folder, { ...environment, ...source.environment });
  }
  return findProviderSource({
    requirement,
    configFolder: options.configFolder,
    product: binary.product,
    environment: { ...environment, PLATFORM_PROVIDER_MIRROR: installedIn(folder) },
  });

  async function install(target: string, variables: NodeJS.ProcessEnv): Promise<void> {
    mkdirSync(cache, { recursive: true });
    const scratch = mkdtempSync(join(cache, 'installing-'));
    try {
      const configuration = { terraform: { required_providers: { provider: requirement } } };
      writeFileSync(join(scratch, 'main.tf.json'), JSON.stringify(configuration));
      if (lockedProvider(root, requirement.source, binary.product))
        cpSync(join(root, lockFile), join(scratch, lockFile));
      const init = await runTerraform({
        binary,
        cwd: scratch,
        args: ['init', '-input=false', '-no-color', '-backend=false'],
        environment: variables,
        stop: 'kill',
        ...(signal ? { signal } : {}),
      });
      if (init.exitCode !== 0) throw terraformFailure(init, { stack: 'provider' });
      rmSync(target, { recursive: true, force: true });
      mkdirSync(join(target, '..'), { recursive: true });
      // Whoever installed it at the same time has installed the same.
      if (!existsSync(target)) renameSync(scratch, target);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
}

function installedIn(folder: string): string {
  return join(folder, '.terraform', 'providers');
}
