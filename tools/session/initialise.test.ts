import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initialise } from './initialise';
import type { LiveSession } from './live-session';

const scratch = mkdtempSync(join(tmpdir(), 'initialise '));
const mirror = join(scratch, 'mirror');
const folder = join(scratch, 'stack');
const config = join(scratch, 'terraform.rc');
afterAll(() => rmSync(scratch, { recursive: true }));

const calls: string[] = [];
const session = {
  options: { root: scratch },
  terraform: {
    binary: { path: '/terraform', version: '1.11.4', product: 'terraform' as const },
    variables: { TF_CLI_CONFIG_FILE: config },
    // Leaves what Terraform leaves.
    run: async (_folder: string, _stack: string, [command]: readonly string[]) => {
      calls.push(command!);
      const provider = join(folder, '.terraform/providers/registry.terraform.io/hashicorp/aws/5.100.0');
      mkdirSync(provider, { recursive: true });
      mkdirSync(mirror, { recursive: true });
      writeFileSync(join(folder, '.terraform.lock.hcl'), '');
      rmSync(join(provider, 'linux_amd64'), { force: true });
      symlinkSync(mirror, join(provider, 'linux_amd64'));
    },
  },
};
const initialiseIn = (other: object = {}) =>
  initialise({ ...session, terraform: { ...session.terraform, ...other } } as unknown as LiveSession, 'us-vpc', folder);
const writeBackend = (bucket: string, name = 'us-vpc') =>
  writeFileSync(
    join(folder, 'cdk.tf.json'),
    JSON.stringify({ terraform: { backend: { s3: { bucket } } }, resource: { aws_vpc: { [name]: {} } } }),
  );

beforeEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(config, 'one');
  writeBackend('states');
  await initialiseIn();
  calls.length = 0;
});

test('a folder that is initialised for the same is left alone, whatever its resources are', async () => {
  await initialiseIn();
  writeBackend('states', 'other');
  await initialiseIn();
  expect(calls).toEqual([]);
});

test.each<[string, () => unknown, object]>([
  ['another backend', () => writeBackend('other'), {}],
  ['an override of the backend', () => writeFileSync(join(folder, 'z_override.tf.json'), '{"terraform":{}}'), {}],
  ['another Terraform', () => undefined, { binary: { ...session.terraform.binary, version: '1.12.0' } }],
  ['another place of providers', () => writeFileSync(config, 'two'), {}],
  ['a provider that has gone', () => rmSync(mirror, { recursive: true }), {}],
  ['a lock file that has gone', () => rmSync(join(folder, '.terraform.lock.hcl')), {}],
  ['other recorded checksums', () => writeFileSync(join(scratch, '.terraform.lock.hcl'), 'other'), {}],
  ['nothing of Terraform', () => rmSync(join(folder, '.terraform'), { recursive: true }), {}],
])('a folder with %s is initialised again, once', async (_, change, other) => {
  change();
  await initialiseIn(other);
  await initialiseIn(other);
  expect(calls).toEqual(['init']);
});

test('one whose initialisation failed is not taken for initialised', async () => {
  writeBackend('missing');
  const failing = { run: () => Promise.reject(new Error('no such bucket')) };
  await expect(initialiseIn(failing)).rejects.toThrow('no such bucket');
  await initialiseIn();
  expect(calls).toEqual(['init']);
});
