import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  type BigIntStats,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { terraformCacheFolder } from './download-terraform';
import type { TerraformBinary } from './find-terraform';
import { ProviderMirrorError, REGISTRIES, type ProviderRequirement } from './provider-source';

/** Terraform's dependency lock file: https://developer.hashicorp.com/terraform/language/files/dependency-lock */
export const lockFile = '.terraform.lock.hcl';

/** What the lock file records of one provider. */
export interface LockedProvider {
  readonly version: string;
  /** `h1:` of the unpacked package and `zh:` of the zip file, one of each per platform. */
  readonly hashes: readonly string[];
}

/** What the lock file of a workspace records of a provider; undefined where there is no file or no such entry. */
export function lockedProvider(
  root: string,
  source: string,
  product: TerraformBinary['product'] = 'terraform',
): LockedProvider | undefined {
  const path = join(root, lockFile);
  if (!existsSync(path)) return undefined;
  const blocks = [...readFileSync(path, 'utf8').matchAll(/^provider "([^"]+)" \{\n([\s\S]*?)^\}/gm)];
  const body = blocks.find(([, address]) => address === `${REGISTRIES[product]}/${source}`)?.[2];
  if (body === undefined) return undefined;
  return {
    version: /^ *version *= *"([^"]+)"/m.exec(body)?.[1] ?? '',
    hashes: [...body.matchAll(/"((?:h1|zh):[^"]+)"/g)].map(([, hash]) => hash!),
  };
}

export interface VerifyProviderOptions {
  /** Workspace whose lock file counts. */
  readonly root: string;
  readonly requirement: ProviderRequirement;
  /** The provider's program in an unpacked package. */
  readonly executable: string;
  /** OpenTofu's registry has packages of its own, so that the lock file of Terraform records nothing of them. */
  readonly product?: TerraformBinary['product'];
  /** Read is what names the cache folder. Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Compares a provider with the workspace's lock file before it is started, as Terraform does for providers that it
 * starts itself. A package that did not change since the last comparison is not read again: it has 675 MB.
 * @throws ProviderMirrorError when the package has none of the recorded checksums
 */
export async function verifyProvider(options: VerifyProviderOptions): Promise<void> {
  const { root, requirement, executable, product = 'terraform', environment } = options;
  const locked = lockedProvider(root, requirement.source, product);
  if (!locked) return;
  const folder = dirname(executable);
  const known = join(terraformCacheFolder(environment), 'verified', fingerprint(folder, locked.hashes));
  if (existsSync(known)) return;
  const hash = await packageHash(folder);
  if (!locked.hashes.includes(hash)) {
    throw new ProviderMirrorError(
      `provider ${requirement.source}: ${folder} has the checksum ${hash}, which ${lockFile} does not record for version ${locked.version}; remove that folder and install the provider again; after a change of its version in the code, run: terraform providers lock`,
    );
  }
  mkdirSync(dirname(known), { recursive: true });
  writeFileSync(known, '');
}

/** Terraform's `h1:`, the "Hash1" of Go modules: https://pkg.go.dev/golang.org/x/mod/sumdb/dirhash#Hash1 */
export async function packageHash(folder: string): Promise<string> {
  const whole = createHash('sha256');
  for (const file of filesOf(folder)) {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(join(folder, file), { highWaterMark: 1 << 20 })) {
      hash.update(chunk as Buffer);
    }
    whole.update(`${hash.digest('hex')}  ${file}\n`);
  }
  return `h1:${whole.digest('base64')}`;
}

/** Changes with every write to the package: no user can set the time of the last change of a file. */
function fingerprint(folder: string, hashes: readonly string[]): string {
  const stats = filesOf(folder).map((file) => {
    const { dev, ino, size, ctimeNs }: BigIntStats = statSync(join(folder, file), { bigint: true });
    return [file, dev, ino, size, ctimeNs].join();
  });
  return createHash('sha256')
    .update([folder, ...stats, ...hashes].join('\n'))
    .digest('hex');
}

/** Paths of the files in a package, with `/`, in the order of their bytes. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}
