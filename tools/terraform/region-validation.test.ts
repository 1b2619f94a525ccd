import { Testing, type App } from 'cdktf';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineContract } from '@platform/libs/contract/contract';
import { awsRegions, hasLatencyRecords, isNewerThanTerraform } from '@platform/libs/settings/aws-regions';
import { EstateStack, type Region } from '@platform/libs/stack/estate-stack';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { findProviderSource } from './provider-source';
import { findTerraform, type TerraformBinary } from './find-terraform';
import { runTerraform } from './run-terraform';

jest.setTimeout(120_000);

/** Opened since 2024, the last first; what came before them is in every list. */
const newest = ['ap-southeast-6', 'ap-east-2', 'mx-central-1', 'ap-southeast-7', 'ap-southeast-5'];

const aws = { source: 'hashicorp/aws', version: '5.100.0' };
const folder = mkdtempSync(join(tmpdir(), 'region validation '));
let binary: TerraformBinary;
beforeAll(async () => {
  binary = await findTerraform();
});
afterAll(() => rmSync(folder, { recursive: true }));

class Reader extends EstateStack {
  constructor(scope: App, region: Region) {
    const contract = defineContract({ stack: 'a', project: 'global/a', stateRegion: region, fields: {} });
    super(scope, { environment: exampleEnvironment(), contract, region, account: 'workload' });
    this.read(defineContract({ ...contract, stack: 'b' }));
  }
}

/** Blocks of a stack in a region, as it makes them. */
function blocksOf(awsRegion: string) {
  const json = new Reader(Testing.app(), { key: 'us', awsRegion }).toTerraform() as {
    readonly terraform: { readonly backend: { readonly s3: Record<string, unknown> } };
    readonly provider: { readonly aws: Record<string, unknown>[] };
    readonly data: { readonly terraform_remote_state: { readonly b: { readonly config: Record<string, unknown> } } };
  };
  return {
    backend: json.terraform.backend.s3,
    state: json.data.terraform_remote_state.b.config,
    provider: json.provider.aws[0]!,
  };
}

const offline = {
  access_key: 'none',
  secret_key: 'none',
  skip_credentials_validation: true,
  skip_requesting_account_id: true,
  allowed_account_ids: [],
};

async function terraform(at: string, configuration: object, ...args: string[]): Promise<string> {
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'main.tf.json'), JSON.stringify(configuration));
  const source = findProviderSource({ requirement: aws, configFolder: folder, cwd: at });
  const environment: NodeJS.ProcessEnv = { ...process.env, ...source.environment };
  delete environment['AWS_CA_BUNDLE'];
  const { stdout, stderr } = await runTerraform({
    binary,
    cwd: at,
    args: [...args, '-no-color'],
    environment,
    stop: 'kill',
  });
  return stdout + stderr;
}

const refusesBackend = async (awsRegion: string, backend: object) => {
  const s3 = { ...backend, ...offline, max_retries: 0, endpoints: { s3: 'http://127.0.0.1:9' } };
  const said = await terraform(join(folder, `backend-${awsRegion}`), { terraform: { backend: { s3 } } }, 'init');
  return said.includes('Invalid region value');
};
const refusesProvider = async (provider: object) => {
  const at = join(folder, 'provider');
  const configuration = {
    terraform: { required_providers: { aws } },
    provider: { aws: { ...provider, ...offline } },
    data: { aws_region: { here: {} } },
  };
  if (!existsSync(join(at, '.terraform'))) await terraform(at, configuration, 'init');
  return (await terraform(at, configuration, 'plan')).includes('invalid AWS Region');
};

test('the check of a newer region is switched off in backends, state reads and providers alike, and that of others is not', () => {
  for (const awsRegion of awsRegions) {
    const { backend, state, provider } = blocksOf(awsRegion);
    const blocks = [backend, state, provider];
    const off = isNewerThanTerraform(awsRegion);
    expect([awsRegion, ...blocks.map(({ skip_region_validation: skip }) => skip === true)]).toEqual([
      awsRegion,
      off,
      off,
      off,
    ]);
  }
});

test('the backend takes the newest regions', async () => {
  for (const awsRegion of newest) {
    expect([awsRegion, await refusesBackend(awsRegion, blocksOf(awsRegion).backend)]).toEqual([awsRegion, false]);
  }
});

test('the provider takes the two newest regions', async () => {
  for (const awsRegion of newest.slice(0, 2)) {
    expect([awsRegion, await refusesProvider(blocksOf(awsRegion).provider)]).toEqual([awsRegion, false]);
  }
});

test('what is switched off would be refused: by the backend of the oldest Terraform that may run, by this provider', async () => {
  const { skip_region_validation: _, ...provider } = blocksOf('ap-southeast-6').provider;
  expect(await refusesProvider(provider)).toBe(true);
  if (binary.version !== '1.11.4') return;
  for (const awsRegion of awsRegions.filter(isNewerThanTerraform)) {
    const { skip_region_validation: _, ...backend } = blocksOf(awsRegion).backend;
    expect([awsRegion, await refusesBackend(awsRegion, backend)]).toEqual([awsRegion, true]);
  }
});

test('the provider takes latency records of every region that may have them, and of no other', async () => {
  const record = (region: string) => ({
    zone_id: 'Z0EXAMPLE',
    name: 'api.example.com',
    type: 'A',
    ttl: 60,
    records: ['192.0.2.1'],
    set_identifier: region,
    latency_routing_policy: { region },
  });
  const at = join(folder, 'records');
  const configuration = {
    terraform: { required_providers: { aws } },
    provider: { aws: { region: 'us-east-1', ...offline } },
    resource: { aws_route53_record: Object.fromEntries(awsRegions.map((region) => [region, record(region)])) },
  };
  await terraform(at, configuration, 'init');
  const said = await terraform(at, configuration, 'validate', '-json');
  const { diagnostics } = JSON.parse(said) as { diagnostics: { summary: string }[] };
  const refused = diagnostics.map(({ summary }) => / got (\S+)$/.exec(summary)?.[1] ?? summary);
  expect(refused).toEqual(awsRegions.filter((region) => !hasLatencyRecords(region)));
});
