import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { terraformPlatform } from './platform';
import { findProviderSource, providerExecutable, requiredProvider } from './provider-source';
import type { FindProviderSourceOptions } from './provider-source';

const PLATFORM = terraformPlatform();
const AWS = { source: 'hashicorp/aws', version: '5.100.0' };

describe('the provider source', () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;

  const write = (path: string, content = '') => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  const unpacked = (mirror: string, version = '5.100.0', registry = 'registry.terraform.io', platform = PLATFORM) =>
    write(`${mirror}/${registry}/hashicorp/aws/${version}/${platform}/terraform-provider-aws_v${version}_x5`);
  const packed = (mirror: string, version = '5.100.0', platform = PLATFORM) =>
    write(`${mirror}/registry.terraform.io/hashicorp/aws/terraform-provider-aws_${version}_${platform}.zip`);
  const find = (more: Partial<FindProviderSourceOptions> = {}) =>
    findProviderSource({
      requirement: AWS,
      configFolder: join(folder, 'config'),
      cwd: join(folder, 'cwd'),
      environment,
      addOnPlaces: [join(folder, 'opt'), join(folder, 'local')],
      ...more,
    });
  const configOf = (source: { environment: Readonly<Record<string, string>> }) =>
    readFileSync(source.environment['TF_CLI_CONFIG_FILE']!, 'utf8');

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'provider source ')));
    environment = { HOME: join(folder, 'home'), XDG_DATA_DIRS: join(folder, 'share') };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is the registry where there is nothing else, and Terraform is told nothing', () => {
    expect(find()).toEqual({ kind: 'registry', environment: {} });
  });

  it('is a mirror in a package of add-on software; Terraform does not ask the registry for what it holds', () => {
    const executable = unpacked('opt/some package');
    write('opt/another/registry.terraform.io/hashicorp/random/readme');
    const source = find();
    expect(source).toMatchObject({ kind: 'found', path: join(folder, 'opt/some package'), executable });
    expect(configOf(source)).toBe(
      [
        "# Written by the platform's tools for each run.",
        'provider_installation {',
        '  filesystem_mirror {',
        `    path = "${join(folder, 'opt/some package')}"`,
        '  }',
        '  direct {',
        '    exclude = ["registry.terraform.io/hashicorp/aws"]',
        '  }',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('does not look deeper than one package below a place', () => {
    unpacked('opt/some/deeper');
    expect(find().kind).toBe('registry');
  });

  it.each([
    ['another version', () => unpacked('opt/p', '5.99.0')],
    ['another platform', () => unpacked('opt/p', '5.100.0', 'registry.terraform.io', 'plan9_mips')],
    ['another registry', () => unpacked('opt/p', '5.100.0', 'registry.example.com')],
    [
      'a version without a program',
      () => write(`opt/p/registry.terraform.io/hashicorp/aws/5.100.0/${PLATFORM}/README`),
    ],
    ['an archive for another platform', () => packed('opt/p', '5.100.0', 'plan9_mips')],
  ])('passes over a mirror with %s', (_, make) => {
    make();
    expect(find().kind).toBe('registry');
  });

  it('does not run programs out of a folder that everybody may write to', () => {
    unpacked('opt/p');
    chmodSync(join(folder, 'opt/p/registry.terraform.io'), 0o777);
    expect(find().kind).toBe('registry');
  });

  it('takes a packed mirror for init, which has no program to start', () => {
    packed('local/p');
    const source = find();
    expect(source).toMatchObject({ kind: 'found', path: join(folder, 'local/p') });
    expect(source).not.toHaveProperty('executable');
  });

  it('takes the program of a mirror that is both packed and unpacked, in the newest version allowed', () => {
    packed('opt/p', '5.100.0');
    packed('opt/p', '5.9.0');
    unpacked('opt/p', '5.9.0');
    const newest = unpacked('opt/p', '5.100.0');
    unpacked('opt/p', '6.0.0');
    expect(find({ requirement: { ...AWS, version: '~> 5.0' } }).executable).toBe(newest);
  });

  it.each(['home/.terraform.d/plugins', 'home/.local/share/terraform/plugins', 'share/terraform/plugins'])(
    'leaves Terraform alone where it finds the provider by itself: %s',
    (mirror) => {
      if (process.platform !== 'linux' && /share/.test(mirror)) return;
      const executable = unpacked(mirror);
      unpacked('opt/p');
      expect(find()).toEqual({ kind: 'implied', path: join(folder, mirror), environment: {}, executable });
    },
  );

  it("tells Terraform of the workspace's own folder, because it runs in another", () => {
    const executable = unpacked('cwd/terraform.d/plugins');
    unpacked('home/.terraform.d/plugins');
    const source = find();
    expect(source).toMatchObject({ kind: 'implied', path: join(folder, 'cwd/terraform.d/plugins'), executable });
    expect(configOf(source)).toContain(`path = "${join(folder, 'cwd/terraform.d/plugins')}"`);
  });

  it('asks the registry where an implied folder with another version would keep Terraform from it', () => {
    unpacked('home/.terraform.d/plugins', '5.1.0');
    const source = find();
    expect(source.kind).toBe('registry');
    expect(configOf(source)).toMatch(/provider_installation \{\n {2}direct \{\}\n\}/);
  });

  it("leaves the user's CLI configuration as it is, and knows the program of the mirror that it names", () => {
    unpacked('opt/p');
    const executable = unpacked('mine');
    const config = write(
      'home/.terraformrc',
      `provider_installation {\n  filesystem_mirror {\n    path    = "${join(folder, 'mine')}"\n    include = ["*/*/*"]\n  }\n}\n`,
    );
    expect(find()).toEqual({ kind: 'cli-config', path: config, environment: {}, executable });
    environment['TF_CLI_CONFIG_FILE'] = write('elsewhere.tfrc', 'plugin_cache_dir = "/somewhere"\n');
    expect(find()).toEqual({ kind: 'cli-config', path: join(folder, 'elsewhere.tfrc'), environment: {} });
  });

  it('goes on where TF_CLI_CONFIG_FILE names a file that does not exist', () => {
    unpacked('opt/p');
    environment['TF_CLI_CONFIG_FILE'] = join(folder, 'none');
    expect(find().kind).toBe('found');
  });

  it('follows the setting before everything else', () => {
    unpacked('opt/p');
    write('home/.terraformrc');
    const executable = unpacked('asked for');
    environment['PLATFORM_PROVIDER_MIRROR'] = join(folder, 'asked for');
    const source = find();
    expect(source).toMatchObject({ kind: 'setting', path: join(folder, 'asked for'), executable });
    expect(configOf(source)).toContain(`path = "${join(folder, 'asked for')}"`);
  });

  it('refuses a setting that cannot serve, and says what to name', () => {
    unpacked('opt/p');
    environment['PLATFORM_PROVIDER_MIRROR'] = join(folder, 'opt');
    expect(() => find()).toThrow(
      /PLATFORM_PROVIDER_MIRROR: '.*opt' does not hold hashicorp\/aws 5\.100\.0 for .*; name the folder that contains 'registry\.terraform\.io'/,
    );
  });

  it("looks for OpenTofu's registry when OpenTofu runs", () => {
    unpacked('opt/p');
    expect(find({ product: 'tofu' }).kind).toBe('registry');
    unpacked('opt/q', '5.100.0', 'registry.opentofu.org');
    expect(find({ product: 'tofu' })).toMatchObject({ kind: 'found', path: join(folder, 'opt/q') });
  });

  it('knows the program in what an init has installed', () => {
    const executable = unpacked('cwd/.terraform/providers');
    expect(providerExecutable(join(folder, 'cwd/.terraform/providers'), AWS)).toBe(executable);
    expect(providerExecutable(join(folder, 'none'), AWS)).toBeUndefined();
  });
});

describe('the provider that a configuration asks for', () => {
  it.each([
    [{ terraform: { required_providers: { aws: { source: 'aws', version: '5.100.0' } } } }, AWS],
    [
      {
        terraform: {
          required_providers: { aws: { source: 'registry.terraform.io/hashicorp/aws', version: '5.100.0' } },
        },
      },
      AWS,
    ],
    [
      {
        terraform: [
          { backend: {} },
          { required_providers: [{ aws: { source: 'hashicorp/aws', version: '5.100.0' } }] },
        ],
      },
      AWS,
    ],
    [
      { terraform: { required_providers: { aws: { source: 'hashicorp/aws' } } } },
      { source: 'hashicorp/aws', version: '>= 0' },
    ],
    [{ terraform: { required_providers: { random: { source: 'hashicorp/random' } } } }, undefined],
    [{}, undefined],
  ])('is read from %j', (configuration, expected) => {
    expect(requiredProvider(configuration)).toEqual(expected);
  });
});
