import { zipSync } from 'fflate';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createMessage, generateKey, readKey, readPrivateKey, reformatKey, sign } from 'openpgp';
import { cachedTerraform, downloadTerraform, PINNED_TERRAFORM, terraformCacheFolder } from './download-terraform';
import { findTerraform } from './find-terraform';
import { HASHICORP_PUBLIC_KEY } from './hashicorp-public-key';
import { terraformPlatform } from './platform';

interface Release {
  zip: Uint8Array;
  checksums: string;
  signature: Uint8Array;
}

const ARCHIVE = `terraform_${PINNED_TERRAFORM}_${terraformPlatform()}.zip`;
const SCRIPT = `#!/bin/sh\necho "Terraform v${PINNED_TERRAFORM}"\n`;
const DAY_MS = 24 * 3600 * 1000;

const makeKey = (date: Date) => generateKey({ userIDs: [{ name: 'Test' }], date, format: 'armored' });

async function makeRelease(privateKey: string, signedAt: Date, checksum?: string): Promise<Release> {
  const zip = zipSync({ terraform: new TextEncoder().encode(SCRIPT), 'LICENSE.txt': new Uint8Array(10) });
  const sha256 = checksum ?? createHash('sha256').update(zip).digest('hex');
  const checksums = `${'0'.repeat(64)}  terraform_${PINNED_TERRAFORM}_plan9_386.zip\n${sha256}  ${ARCHIVE}\n`;
  const signature = await sign({
    message: await createMessage({ binary: Buffer.from(checksums) }),
    signingKeys: await readPrivateKey({ armoredKey: privateKey }),
    detached: true,
    format: 'binary',
    date: signedAt,
  });
  return { zip, checksums, signature };
}

describe('downloading Terraform', () => {
  let folder: string;
  let server: Server;
  let requests: string[];
  let answer: (file: string, response: ServerResponse) => void;
  let keys: { privateKey: string; publicKey: string };
  let release: Release;
  let environment: NodeJS.ProcessEnv;

  const serve = (from: Release) => (file: string, response: ServerResponse) => {
    const body = file.endsWith('.zip') ? from.zip : file.endsWith('.sig') ? from.signature : from.checksums;
    response.end(body);
  };
  const download = () => downloadTerraform({ environment, publicKey: keys.publicKey, silenceSec: 0.3 });
  const installed = () =>
    readdirSync(folder, { recursive: true }).filter((name) => /terraform|download/.test(String(name)));

  beforeAll(async () => {
    keys = await makeKey(new Date(Date.now() - DAY_MS));
    release = await makeRelease(keys.privateKey, new Date());
    server = createServer((request, response) => {
      requests.push(request.url!);
      response.setHeader('Connection', 'close');
      answer(request.url!.split('/').at(-1)!, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'terraform cache '));
    requests = [];
    answer = serve(release);
    environment = {
      PATH: '',
      PLATFORM_TERRAFORM_CACHE: folder,
      PLATFORM_TERRAFORM_RELEASES: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('installs a program whose checksum is signed, and asks for nothing else', async () => {
    const path = await download();
    expect(path).toBe(join(folder, PINNED_TERRAFORM, terraformPlatform(), 'terraform'));
    expect(statSync(path).mode & 0o777).toBe(0o755);
    expect(readdirSync(dirname(path))).toEqual(['terraform']);
    const base = `/terraform/${PINNED_TERRAFORM}/`;
    expect([...requests].sort()).toEqual([
      `${base}terraform_${PINNED_TERRAFORM}_SHA256SUMS`,
      `${base}terraform_${PINNED_TERRAFORM}_SHA256SUMS.sig`,
      `${base}${ARCHIVE}`,
    ]);
  });

  it('is what happens when there is no Terraform, once', async () => {
    const options = {
      environment,
      download: () => download(),
    };
    const found = await findTerraform(options);
    expect(found).toEqual({ path: cachedTerraform(environment), version: PINNED_TERRAFORM, product: 'terraform' });
    requests = [];
    expect(await findTerraform(options)).toEqual(found);
    expect(requests).toEqual([]);
  });

  it('can be turned off, and then says how to install one', async () => {
    await expect(
      findTerraform({ environment: { ...environment, PLATFORM_TERRAFORM_DOWNLOAD: 'off' } }),
    ).rejects.toThrow(
      /install Terraform 1\.11\.4[\s\S]*no terraform on PATH[\s\S]*turned off by PLATFORM_TERRAFORM_DOWNLOAD/,
    );
    expect(requests).toEqual([]);
  });

  it('refuses an archive with another checksum', async () => {
    answer = serve(await makeRelease(keys.privateKey, new Date(), 'ab'.repeat(32)));
    await expect(download()).rejects.toThrow(/its SHA-256 is [0-9a-f]{64}, and the signed list says abab/);
    expect(installed()).toEqual([]);
  });

  it('refuses checksums that another key signed, before it asks for the archive', async () => {
    const other = await makeKey(new Date(Date.now() - DAY_MS));
    answer = serve(await makeRelease(other.privateKey, new Date()));
    await expect(download()).rejects.toThrow(/SHA256SUMS: it is not signed with the expected key/);
    expect(requests.filter((url) => url.endsWith('.zip'))).toEqual([]);
    expect(installed()).toEqual([]);
  });

  it('refuses checksums that were changed after they were signed', async () => {
    answer = serve({ ...release, checksums: release.checksums.replace('plan9', 'plan8') });
    await expect(download()).rejects.toThrow(/not signed with the expected key/);
  });

  it('refuses a signature that is none', async () => {
    answer = serve({ ...release, signature: new TextEncoder().encode('<html>Welcome to the hotel</html>') });
    await expect(download()).rejects.toThrow(/not signed with the expected key/);
  });

  it('accepts what was signed while the key was valid, and nothing that was signed later', async () => {
    const created = new Date(Date.now() - 10 * DAY_MS);
    const signer = await makeKey(created);
    const { publicKey } = await reformatKey({
      privateKey: await readPrivateKey({ armoredKey: signer.privateKey }),
      userIDs: [{ name: 'Test' }],
      keyExpirationTime: (5 * DAY_MS) / 1000,
      date: created,
      format: 'armored',
    });
    answer = serve(await makeRelease(signer.privateKey, new Date(Date.now() - 8 * DAY_MS)));
    await expect(downloadTerraform({ environment, publicKey })).resolves.toContain(folder);
    answer = serve(await makeRelease(signer.privateKey, new Date()));
    await expect(downloadTerraform({ environment, publicKey })).rejects.toThrow(
      /not signed with the expected key.*expired/,
    );
  });

  it.each([
    ['the checksums', 'SHA256SUMS'],
    ['the signature', '.sig'],
    ['the archive', '.zip'],
  ])('names the address when %s is missing', async (_, suffix) => {
    const normal = serve(release);
    answer = (file, response) => {
      if (!file.endsWith(suffix)) return normal(file, response);
      response.statusCode = 404;
      response.end('gone');
    };
    await expect(download()).rejects.toThrow(new RegExp(`http://127.*${suffix}: the server answered 404`));
    expect(installed()).toEqual([]);
  });

  it('refuses a list without this platform', async () => {
    const list = await makeRelease(keys.privateKey, new Date());
    const checksums = `${'0'.repeat(64)}  other.zip\n`;
    const signature = await sign({
      message: await createMessage({ binary: Buffer.from(checksums) }),
      signingKeys: await readPrivateKey({ armoredKey: keys.privateKey }),
      detached: true,
      format: 'binary',
    });
    answer = serve({ ...list, checksums, signature });
    await expect(download()).rejects.toThrow(/it does not list terraform_/);
  });

  it('leaves nothing when the connection breaks', async () => {
    const normal = serve(release);
    answer = (file, response) => {
      if (!file.endsWith('.zip')) return normal(file, response);
      response.setHeader('Content-Length', release.zip.length);
      response.write(release.zip.slice(0, 50));
      setTimeout(() => response.destroy(), 20);
    };
    await expect(download()).rejects.toThrow(/\.zip: the download failed/);
    expect(installed()).toEqual([]);
  });

  it('refuses an archive that ends early without a word', async () => {
    const normal = serve(release);
    answer = (file, response) =>
      file.endsWith('.zip') ? response.end(release.zip.slice(0, 50)) : normal(file, response);
    await expect(download()).rejects.toThrow(/its SHA-256 is/);
    expect(installed()).toEqual([]);
  });

  it('gives up on a server that falls silent', async () => {
    const normal = serve(release);
    answer = (file, response) => {
      if (!file.endsWith('.zip')) return normal(file, response);
      response.write(release.zip.slice(0, 50));
    };
    await expect(download()).rejects.toThrow(/nothing came for 0\.3 s/);
    server.closeAllConnections();
  });

  it('says which folder to change when the cache cannot be written', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    environment['PLATFORM_TERRAFORM_CACHE'] = file;
    await expect(download()).rejects.toThrow(/cannot be written there .*PLATFORM_TERRAFORM_CACHE/);
  });

  it('works twice at once', async () => {
    const [first, second] = await Promise.all([download(), download()]);
    expect(first).toBe(second);
    expect(readdirSync(dirname(first))).toEqual(['terraform']);
  });
});

describe('the cache folder', () => {
  it('follows the setting, then XDG, then the home folder', () => {
    expect(terraformCacheFolder({ PLATFORM_TERRAFORM_CACHE: '/a', XDG_CACHE_HOME: '/b', HOME: '/c' })).toBe('/a');
    expect(terraformCacheFolder({ XDG_CACHE_HOME: '/b', HOME: '/c' })).toMatch(/^\/b\//);
    expect(terraformCacheFolder({ XDG_CACHE_HOME: 'relative', HOME: '/c' })).toMatch(/^\/c\/\.cache\//);
  });
});

describe("HashiCorp's key", () => {
  it('is the one with the published fingerprint', async () => {
    const key = await readKey({ armoredKey: HASHICORP_PUBLIC_KEY });
    expect(key.getFingerprint()).toBe('c874011f0ab405110d02105534365d9472d7468f');
    expect(key.isPrivate()).toBe(false);
    expect(key.subkeys.map((subkey) => subkey.getFingerprint())).toContain('374ec75b485913604a831cc7c820c6d5cd27ab87');
  });
});
