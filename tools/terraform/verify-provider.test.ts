import fs, { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findRoot } from '@platform/tools/workspace/find-root';
import { terraformPlatform } from './platform';
import { findProviderSource } from './provider-source';
import { lockedProvider, packageHash, verifyProvider } from './verify-provider';

const requirement = { source: 'hashicorp/aws', version: '5.100.0' };

let folder: string;
let executable: string;
const environment = () => ({ PLATFORM_TERRAFORM_CACHE: join(folder, 'cache') });
const verify = () => verifyProvider({ root: folder, requirement, executable, environment: environment() });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify provider-'));
  const mirror = join(folder, 'mirror', 'registry.terraform.io', 'hashicorp', 'aws', '5.100.0', terraformPlatform());
  mkdirSync(mirror, { recursive: true });
  executable = join(mirror, 'terraform-provider-aws_v5.100.0_x5');
  writeFileSync(executable, '#!/bin/sh\n');
  writeFileSync(join(mirror, 'LICENSE.txt'), 'licence\n');
  writeFileSync(
    join(folder, '.terraform.lock.hcl'),
    `provider "registry.terraform.io/hashicorp/aws" {\n  version     = "5.100.0"\n  hashes = [\n    "${await packageHash(mirror)}",\n  ]\n}\n`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('the checksum is that of Terraform', async () => {
  // As `terraform providers lock` gives it for these two files.
  expect(await packageHash(dirname(executable))).toBe('h1:Tp8IQkEFZGcgSbsBiu49TsgXSqp2b8+W0pEWPzpIEto=');
});

test('a provider with a recorded checksum is accepted, and read once', async () => {
  const read = jest.spyOn(fs, 'createReadStream');
  await verify();
  expect(read).toHaveBeenCalledTimes(2);
  await verify();
  expect(read).toHaveBeenCalledTimes(2);
  read.mockRestore();
});

test('a changed provider is refused, also after it was accepted', async () => {
  await verify();
  appendFileSync(executable, 'rm -rf /\n');
  await expect(verify()).rejects.toThrow(/^provider hashicorp\/aws: .* has the checksum h1:.*; remove that folder/);
});

test('a file beside the provider is part of the checksum', async () => {
  writeFileSync(join(dirname(executable), 'library.so'), '');
  await expect(verify()).rejects.toThrow('has the checksum');
});

test.each([
  ['the program', () => executable],
  ['its folder', () => dirname(executable)],
  ['a folder above it', () => join(folder, 'mirror', 'registry.terraform.io', 'hashicorp')],
])('a mirror is refused where every user can change %s', (_, path) => {
  const find = () =>
    findProviderSource({
      requirement,
      configFolder: join(folder, 'config'),
      environment: { PLATFORM_PROVIDER_MIRROR: join(folder, 'mirror') },
    });
  expect(find().executable).toBe(executable);
  chmodSync(path(), 0o777);
  expect(find).toThrow(`every user of this machine can change ${path()}`);
});

test('the lock file of this workspace records one checksum of each kind for every platform', () => {
  const { version, hashes } = lockedProvider(findRoot(__dirname), 'hashicorp/aws')!;
  expect(version).toBe('5.100.0');
  expect(hashes.filter((hash) => hash.startsWith('h1:')).length).toBeGreaterThanOrEqual(5);
});
