import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { cachedTerraform, downloadTerraform, PINNED_TERRAFORM } from './download-terraform';
import { runTerraform } from './run-terraform';
import { assertTemporaryFolder } from './temporary-folder';
import { allows } from './version-constraint';

/** A program that can run the estate's configurations. */
export interface TerraformBinary {
  /** Absolute path. */
  readonly path: string;
  /** `1.11.4` */
  readonly version: string;
  readonly product: 'terraform' | 'tofu';
}

/** The oldest versions whose S3 backend can lock without a DynamoDB table (`use_lockfile`). */
export const OLDEST_VERSION: Readonly<Record<TerraformBinary['product'], string>> = {
  terraform: '1.11.0',
  tofu: '1.10.0',
};

/** There is no Terraform to run; the message says what was tried and how to install one. */
export class TerraformNotFound extends Error {
  override readonly name = 'TerraformNotFound';
  readonly exitCode = 2;
}

export interface FindTerraformOptions {
  /**
   * Default: this process's. Read are `TERRAFORM_BINARY_NAME`, `PATH`, `PLATFORM_TERRAFORM_DOWNLOAD` (`off` forbids the
   * download) and what `downloadTerraform` reads.
   */
  readonly environment?: NodeJS.ProcessEnv;
  /** Called with one line for each thing that takes time or that a person should know. */
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
  /** Gives the path of the pinned version. Default `downloadTerraform`. */
  readonly download?: typeof downloadTerraform;
}

/**
 * Finds Terraform: the program that `TERRAFORM_BINARY_NAME` names (a name on PATH or a path; cdktf reads the same
 * variable), `terraform` on PATH, the pinned version in the cache folder, and at last the pinned version from HashiCorp,
 * verified. A program that was asked for by name is taken or refused, never silently replaced.
 * @throws TerraformNotFound
 * @throws WrongUse when the folder for temporary files cannot be used
 */
export async function findTerraform(options: FindTerraformOptions = {}): Promise<TerraformBinary> {
  const { environment = process.env, onProgress = () => {}, signal, download = downloadTerraform } = options;
  assertTemporaryFolder(environment);
  const asked = environment['TERRAFORM_BINARY_NAME'] || undefined;
  if (asked !== undefined && asked !== 'terraform') {
    const path = locate(asked, environment);
    if (path === undefined) {
      const where = isPath(asked) ? 'there is no such program' : 'no such program on PATH';
      throw new TerraformNotFound(
        `TERRAFORM_BINARY_NAME: ${where}: '${asked}'; install it, or unset the variable to use terraform`,
      );
    }
    const found = await identify(path, environment);
    if ('fault' in found) {
      throw new TerraformNotFound(`TERRAFORM_BINARY_NAME: ${found.fault}; ${HOW_TO_INSTALL}`);
    }
    return found;
  }

  const tried: string[] = [];
  const onPath = locate('terraform', environment);
  if (onPath !== undefined) {
    const found = await identify(onPath, environment);
    if (!('fault' in found)) return found;
    tried.push(found.fault);
    onProgress(`${found.fault}; looking for Terraform ${PINNED_TERRAFORM} instead`);
  } else {
    tried.push('there is no terraform on PATH');
  }

  const cached = cachedTerraform(environment);
  if (existsSync(cached)) {
    const found = await identify(cached, environment);
    if (!('fault' in found)) return found;
    tried.push(found.fault);
  }
  if (environment['PLATFORM_TERRAFORM_DOWNLOAD'] === 'off') {
    tried.push('downloading it is turned off by PLATFORM_TERRAFORM_DOWNLOAD=off');
  } else {
    try {
      const path = await download({ environment, onProgress, ...(signal ? { signal } : {}) });
      const found = await identify(path, environment);
      if (!('fault' in found)) return found;
      tried.push(found.fault);
    } catch (error) {
      if (signal?.aborted) throw error;
      tried.push((error as Error).message);
    }
  }
  throw new TerraformNotFound(
    [
      `terraform: no program that can run the estate was found; ${HOW_TO_INSTALL}`,
      ...tried.map((line) => `  - ${line}`),
    ].join('\n'),
  );
}

const HOW_TO_INSTALL =
  `install Terraform ${PINNED_TERRAFORM} (https://developer.hashicorp.com/terraform/install) and put it on PATH, ` +
  `or name a program by TERRAFORM_BINARY_NAME (OpenTofu: tofu)`;

const isPath = (name: string) => name.includes('/');

/** Absolute path of a program, or nothing. */
function locate(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const folders = isPath(name) ? [''] : (environment['PATH'] ?? '').split(delimiter).filter(Boolean);
  for (const folder of folders) {
    const path = isAbsolute(name) ? name : resolve(join(folder, name));
    if (isProgram(path)) return path;
  }
  return undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What the caller's shell has for other calls (a provider of somebody else's, more arguments) says nothing of the program. */
const forOtherCalls = /^TF_(REATTACH_PROVIDERS$|CLI_ARGS)/;

/** Asks the program what it is. Its first line is `Terraform v1.11.4` or `OpenTofu v1.10.0`. */
async function identify(path: string, environment: NodeJS.ProcessEnv): Promise<TerraformBinary | { fault: string }> {
  const { exitCode, stdout, stderr } = await runTerraform({
    binary: { path },
    cwd: tmpdir(),
    args: ['version'],
    environment: Object.fromEntries(Object.entries(environment).filter(([name]) => !forOtherCalls.test(name))),
    stop: 'kill',
  });
  const match = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+)/m.exec(stdout);
  if (exitCode !== 0 || !match) {
    const said = `${stderr}\n${stdout}`.trim().split('\n')[0] || 'it said nothing';
    return { fault: `${path} is no Terraform that works: 'version' ended with ${exitCode}: ${said}` };
  }
  const product = match[1] === 'Terraform' ? 'terraform' : 'tofu';
  const version = match[2]!;
  if (!allows(`>= ${OLDEST_VERSION[product]}`, version)) {
    return {
      fault: `${path} is ${match[1]} ${version}, and the state's lock files need ${OLDEST_VERSION[product]} or newer`,
    };
  }
  return { path, version, product };
}
