import { unzipSync } from 'fflate';
import { createHash, randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homeFolder } from '@platform/tools/workspace/home-folder';
import { dirname, isAbsolute, join } from 'node:path';
import { createMessage, readKey, readSignature, verify } from 'openpgp';
import { HASHICORP_PUBLIC_KEY } from './hashicorp-public-key';
import { terraformPlatform } from './platform';

/** The version that is downloaded where there is none. Any version from `OLDEST_VERSION` on works. */
export const PINNED_TERRAFORM = '1.11.4';

/** Where HashiCorp publishes its releases. `PLATFORM_TERRAFORM_RELEASES` names a mirror with the same layout. */
export const HASHICORP_RELEASES = 'https://releases.hashicorp.com';

/** Terraform could not be downloaded, or what came is not what HashiCorp signed. Nothing was installed. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
}

export interface DownloadOptions {
  /**
   * Default: this process's. Read are `PLATFORM_TERRAFORM_RELEASES` (base URL), `PLATFORM_TERRAFORM_CACHE` (folder) and
   * `XDG_CACHE_HOME`.
   */
  readonly environment?: NodeJS.ProcessEnv;
  /** Armored public key that the checksums must be signed with. Default: HashiCorp's. */
  readonly publicKey?: string;
  readonly onProgress?: (message: string) => void;
  readonly signal?: AbortSignal;
  /** Longest silence of the server, in seconds. Default 20. */
  readonly silenceSec?: number;
}

/** Folder for what was downloaded: `PLATFORM_TERRAFORM_CACHE`, or a folder of this product's in the user's cache. */
export function terraformCacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['PLATFORM_TERRAFORM_CACHE'];
  if (own) return own;
  const xdg = environment['XDG_CACHE_HOME'];
  const cache = xdg && isAbsolute(xdg) ? xdg : join(homeFolder(environment), '.cache');
  return join(cache, 'multi-region-aws-platform', 'terraform');
}

/** Where the pinned version lies once it has been downloaded. */
export function cachedTerraform(environment: NodeJS.ProcessEnv = process.env): string {
  return join(terraformCacheFolder(environment), PINNED_TERRAFORM, terraformPlatform(), PROGRAM);
}

/**
 * Downloads the pinned Terraform for this machine and returns its path. The list of checksums must carry a signature of
 * `publicKey`, and the archive must have the checksum that the list gives; only then is the program put in its place,
 * by one rename, so that nobody ever sees half of it and two downloads at once do no harm.
 * @throws DownloadError
 */
export async function downloadTerraform(options: DownloadOptions = {}): Promise<string> {
  const { environment = process.env, publicKey = HASHICORP_PUBLIC_KEY, onProgress = () => {} } = options;
  const base = (environment['PLATFORM_TERRAFORM_RELEASES'] || HASHICORP_RELEASES).replace(/\/+$/, '');
  const folder = `${base}/terraform/${PINNED_TERRAFORM}`;
  const archive = `terraform_${PINNED_TERRAFORM}_${terraformPlatform()}.zip`;
  const checksums = `${folder}/terraform_${PINNED_TERRAFORM}_SHA256SUMS`;
  const target = cachedTerraform(environment);

  onProgress(`Downloading Terraform ${PINNED_TERRAFORM} from ${base}`);
  const [list, signature] = await Promise.all([get(checksums, options), get(`${checksums}.sig`, options)]);
  await verifySignature(list, signature, publicKey, checksums);
  const expected = checksumOf(archive, list.toString('utf8'), checksums);
  const zip = await get(`${folder}/${archive}`, options);
  const actual = createHash('sha256').update(zip).digest('hex');
  if (actual !== expected) {
    throw new DownloadError(
      `${folder}/${archive}: its SHA-256 is ${actual}, and the signed list says ${expected}; ` +
        `it was damaged on its way or is not HashiCorp's: try again, and if that does not help, install Terraform by hand`,
    );
  }
  install(extract(zip, `${folder}/${archive}`), target);
  onProgress(`Terraform ${PINNED_TERRAFORM} is verified and lies in ${dirname(target)}`);
  return target;
}

const PROGRAM = 'terraform';
const TEMPORARY = '.download-';
const ABANDONED_AFTER_MS = 24 * 3600 * 1000;

async function get(url: string, options: DownloadOptions): Promise<Buffer> {
  const { silenceSec = 20, signal } = options;
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silenceSec * 1000);
  };
  heard();
  try {
    const response = await fetch(url, { signal: AbortSignal.any([silence.signal, ...(signal ? [signal] : [])]) });
    if (!response.ok) throw new DownloadError(`${url}: the server answered ${response.status} ${response.statusText}`);
    const chunks: Uint8Array[] = [];
    for await (const chunk of response.body!) {
      chunks.push(chunk as Uint8Array);
      heard();
    }
    return Buffer.concat(chunks);
  } catch (error) {
    if (error instanceof DownloadError || signal?.aborted) throw error;
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    const reason = silence.signal.aborted
      ? `nothing came for ${silenceSec} s`
      : (cause?.message ?? cause?.code ?? (error as Error).message);
    throw new DownloadError(`${url}: the download failed: ${reason}`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The key must have been valid when the signature was made. Whether it is today does not matter: a release keeps the
 * signature of its day, and keys expire.
 */
async function verifySignature(list: Buffer, signature: Buffer, armoredKey: string, url: string): Promise<void> {
  try {
    const parsed = await readSignature({ binarySignature: signature });
    const made = parsed.packets[0]?.created;
    const result = await verify({
      message: await createMessage({ binary: list }),
      signature: parsed,
      verificationKeys: await readKey({ armoredKey }),
      expectSigned: true,
      ...(made ? { date: made } : {}),
    });
    await Promise.all(result.signatures.map((one) => one.verified));
  } catch (error) {
    throw new DownloadError(
      `${url}: it is not signed with the expected key (${(error as Error).message}), so nothing in it can be trusted; ` +
        `check PLATFORM_TERRAFORM_RELEASES, or install Terraform by hand`,
      { cause: error },
    );
  }
}

/** Each line of the list is `<sha256>  <file>`. */
function checksumOf(archive: string, list: string, url: string): string {
  for (const line of list.split('\n')) {
    const [checksum, name] = line.trim().split(/\s+/);
    if (name === archive && /^[0-9a-f]{64}$/.test(checksum ?? '')) return checksum!;
  }
  throw new DownloadError(`${url}: it does not list ${archive}; this machine's platform may not be supported`);
}

function extract(zip: Buffer, url: string): Uint8Array {
  const program = unzipSync(zip, { filter: ({ name }) => name === PROGRAM })[PROGRAM];
  if (!program) throw new DownloadError(`${url}: there is no '${PROGRAM}' in it`);
  return program;
}

function install(program: Uint8Array, target: string): void {
  const folder = dirname(target);
  const temporary = join(folder, `${TEMPORARY}${randomUUID()}`);
  try {
    mkdirSync(folder, { recursive: true });
    removeAbandoned(folder);
    try {
      writeFileSync(temporary, program, { flush: true });
      // Not by the mode of the write: the process may create files for its user only.
      chmodSync(temporary, 0o755);
      renameSync(temporary, target);
    } finally {
      rmSync(temporary, { force: true });
    }
  } catch (error) {
    throw new DownloadError(
      `${folder}: Terraform cannot be written there (${(error as Error).message}); ` +
        `name another folder by PLATFORM_TERRAFORM_CACHE`,
      { cause: error },
    );
  }
}

/** What downloads left that were killed while they wrote. */
function removeAbandoned(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(TEMPORARY)) continue;
    const path = join(folder, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (age > ABANDONED_AFTER_MS) rmSync(path, { force: true });
  }
}
