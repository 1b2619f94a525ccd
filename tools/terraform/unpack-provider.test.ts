import { zipSync } from 'fflate';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTerraform } from './find-terraform';
import { terraformPlatform } from './platform';
import { findProviderSource } from './provider-source';
import { unpackProvider } from './unpack-provider';

const folder = mkdtempSync(join(tmpdir(), 'unpack provider-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const requirement = { source: 'hashicorp/aws', version: '9.9.9' };

/** A mirror as `terraform providers mirror` makes it: the provider in its archive. */
function packedMirror(): string {
  const mirror = join(folder, 'mirror');
  const inside = join(mirror, 'registry.terraform.io', 'hashicorp', 'aws');
  mkdirSync(inside, { recursive: true });
  const program = new TextEncoder().encode('#!/bin/sh\n');
  writeFileSync(
    join(inside, `terraform-provider-aws_9.9.9_${terraformPlatform()}.zip`),
    zipSync({ 'terraform-provider-aws_v9.9.9_x5': [program, { os: 3, attrs: 0o755 << 16 }] }),
  );
  return mirror;
}

const environment = {
  PATH: process.env['PATH'],
  HOME: folder,
  PLATFORM_PROVIDER_MIRROR: packedMirror(),
  PLATFORM_TERRAFORM_CACHE: join(folder, 'cache'),
};
const configFolder = join(folder, 'config');

test('a packed provider is installed once, and found there from then on', async () => {
  const binary = await findTerraform();
  const source = findProviderSource({ requirement, configFolder, environment });
  expect(source.executable).toBeUndefined();

  const said: string[] = [];
  const options = {
    root: folder,
    binary,
    requirement,
    source,
    configFolder,
    environment,
    onProgress: (text: string) => said.push(text),
  };
  const unpacked = await unpackProvider(options);
  expect(existsSync(unpacked.executable!)).toBe(true);
  expect(await unpackProvider(options)).toEqual(unpacked);
  expect(said).toHaveLength(1);
});

test('a provider that lies ready to run is left where it is', async () => {
  const source = { kind: 'found' as const, environment: {}, executable: '/somewhere/terraform-provider-aws' };
  const binary = await findTerraform();
  expect(await unpackProvider({ root: folder, binary, requirement, source, configFolder, environment })).toBe(source);
});

test('a provider that cannot be had is one clear error, and leaves nothing behind', async () => {
  const binary = await findTerraform();
  const source = findProviderSource({ requirement, configFolder, environment });
  const missing = { ...requirement, version: '9.9.8' };
  await expect(
    unpackProvider({ root: folder, binary, requirement: missing, source, configFolder, environment }),
  ).rejects.toThrow(/the AWS provider cannot be installed/);
  expect(
    existsSync(join(folder, 'cache', 'providers', 'terraform', `hashicorp-aws_9.9.8_${terraformPlatform()}`)),
  ).toBe(false);
});
