import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { cachedTerraform } from './download-terraform';
import { findTerraform } from './find-terraform';

describe('finding Terraform', () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  const refuseDownload = () => Promise.reject(new Error('the network is down'));
  const find = (more: NodeJS.ProcessEnv = {}, onProgress?: (message: string) => void) =>
    findTerraform({
      environment: { ...environment, ...more },
      download: refuseDownload,
      ...(onProgress ? { onProgress } : {}),
    });

  function program(path: string, body: string): string {
    const file = join(folder, path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
    return file;
  }
  const says = (text: string) => `echo "${text}"; echo "on linux_amd64"`;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'find terraform '));
    environment = { PATH: join(folder, 'bin'), PLATFORM_TERRAFORM_CACHE: join(folder, 'cache') };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes terraform from PATH, also where the path has a space', async () => {
    const path = program('bin/terraform', says('Terraform v1.12.2'));
    expect(await find()).toEqual({ path, version: '1.12.2', product: 'terraform' });
  });

  it('takes the program that TERRAFORM_BINARY_NAME names: a name on PATH, a path, a relative path', async () => {
    program('bin/terraform', says('Terraform v1.12.2'));
    const tofu = program('bin/tofu', says('OpenTofu v1.10.6'));
    const other = program('other/tf', says('Terraform v1.13.0'));
    expect(await find({ TERRAFORM_BINARY_NAME: 'tofu' })).toEqual({ path: tofu, version: '1.10.6', product: 'tofu' });
    expect(await find({ TERRAFORM_BINARY_NAME: other })).toMatchObject({ path: other, version: '1.13.0' });
    expect(await find({ TERRAFORM_BINARY_NAME: relative(process.cwd(), other) })).toMatchObject({ path: other });
  });

  it('never replaces a program that was asked for', async () => {
    program('bin/terraform', says('Terraform v1.12.2'));
    program('bin/tofu', says('OpenTofu v1.8.0'));
    await expect(find({ TERRAFORM_BINARY_NAME: 'tofu' })).rejects.toThrow(
      /TERRAFORM_BINARY_NAME: .*OpenTofu 1\.8\.0, and the state's lock files need 1\.10\.0 or newer; install/,
    );
    await expect(find({ TERRAFORM_BINARY_NAME: 'tf-none' })).rejects.toThrow(/no such program on PATH: 'tf-none'/);
    await expect(find({ TERRAFORM_BINARY_NAME: './none' })).rejects.toThrow(/there is no such program: '\.\/none'/);
  });

  it('passes over an old terraform and takes the cached one, and says so', async () => {
    program('bin/terraform', says('Terraform v1.5.7'));
    const cached = program(relative(folder, cachedTerraform(environment)), says('Terraform v1.11.4'));
    const said: string[] = [];
    expect(await find({}, (message) => said.push(message))).toMatchObject({ path: cached, version: '1.11.4' });
    expect(said.join()).toMatch(/Terraform 1\.5\.7, and the state's lock files need 1\.11\.0 or newer; looking for/);
  });

  it('compares versions by number', async () => {
    program('bin/terraform', says('Terraform v1.9.9'));
    await expect(find()).rejects.toThrow(/1\.9\.9/);
    program('bin/terraform', says('Terraform v1.11.0'));
    expect((await find()).version).toBe('1.11.0');
    program('bin/terraform', says('Terraform v2.0.0'));
    expect((await find()).version).toBe('2.0.0');
  });

  it('tells everything that was tried in one error with exit code 2', async () => {
    program('bin/terraform', 'echo "no version is set for terraform" >&2; exit 126');
    const error = await find().catch((reason: Error & { exitCode?: number }) => reason);
    expect(error).toMatchObject({ name: 'TerraformNotFound', exitCode: 2 });
    expect((error as Error).message).toMatch(
      /install Terraform[\s\S]*'version' ended with 126: no version is set for terraform[\s\S]*the network is down/,
    );
  });

  it('does not take a folder or a file that cannot be run for a program', async () => {
    mkdirSync(join(folder, 'bin', 'terraform'), { recursive: true });
    await expect(find()).rejects.toThrow(/there is no terraform on PATH/);
  });

  it('is not disturbed by what a shell has for other calls of Terraform', async () => {
    program('bin/terraform', `[ -z "$TF_REATTACH_PROVIDERS$TF_CLI_ARGS" ] || exit 9; ${says('Terraform v1.12.2')}`);
    const more = { TF_REATTACH_PROVIDERS: '{"broken', TF_CLI_ARGS: '-no-such-flag' };
    expect((await find(more)).version).toBe('1.12.2');
  });

  it('is not disturbed by a CLI configuration that does not exist', async () => {
    program('bin/terraform', `[ -z "$TF_CLI_CONFIG_FILE" ] || exit 9; ${says('Terraform v1.12.2')}`);
    expect((await find({ TF_CLI_CONFIG_FILE: join(folder, 'none') })).version).toBe('1.12.2');
  });
});
