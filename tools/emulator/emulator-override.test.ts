import type { Configuration } from '@platform/tools/model/configuration';
import { emulatorEnvironment, emulatorOverride } from './emulator-override';

interface Block {
  readonly [name: string]: unknown;
}
interface Override {
  readonly terraform: { readonly backend: { readonly s3: Block & { endpoints: Block } } };
  readonly provider: { readonly aws: readonly Block[] };
  readonly data: { readonly terraform_remote_state: Record<string, { readonly config: Block }> };
  readonly resource?: Block;
}

const configuration: Configuration = {
  terraform: {
    backend: { s3: { bucket: 'states-us', key: 'x/terraform.tfstate', region: 'us-east-1', use_lockfile: true } },
  },
  provider: { aws: [{ region: 'us-east-1', allowed_account_ids: ['111111111111'] }, { alias: 'workload' }] },
  resource: { aws_cloudfront_distribution: { Site: {} }, aws_vpc: { Vpc: {} } },
  data: {
    terraform_remote_state: {
      'region-us-vpc': { backend: 's3', config: { bucket: 'states-us', key: 'region-us-vpc/terraform.tfstate' } },
    },
  },
};
const emulator = (more: Configuration = {}) =>
  emulatorOverride({ ...configuration, ...more }, { endpoint: 'http://127.0.0.1:4566/' }) as Override;

test('the backend is whole again, with the emulator as its address', () => {
  expect(emulator().terraform.backend.s3).toMatchObject({
    bucket: 'states-us',
    key: 'x/terraform.tfstate',
    region: 'us-east-1',
    use_lockfile: true,
    use_path_style: true,
    endpoints: { s3: 'http://127.0.0.1:4566', sts: 'http://127.0.0.1:4566' },
  });
});

test('a lock table is looked for there too', () => {
  const s3 = { ...(configuration.terraform!.backend!['s3'] as object), dynamodb_table: 'states-us' };
  expect(emulator({ terraform: { backend: { s3 } } }).terraform.backend.s3.endpoints.dynamodb).toBe(
    'http://127.0.0.1:4566',
  );
  expect(emulator().terraform.backend.s3.endpoints).not.toHaveProperty('dynamodb');
});

test('real states of other stacks are read there', () => {
  expect(emulator().data.terraform_remote_state['region-us-vpc']).toMatchObject({
    backend: 's3',
    config: { key: 'region-us-vpc/terraform.tfstate', endpoints: { s3: 'http://127.0.0.1:4566' } },
  });
});

test('providers have no guard, no tags of their own and few retries', () => {
  for (const block of emulator().provider.aws) {
    expect(block).toMatchObject({ allowed_account_ids: [], default_tags: [{}], max_retries: 2 });
  }
});

test('only resources of types that need it are changed', () => {
  expect(emulator().resource).toEqual({ aws_cloudfront_distribution: { Site: { wait_for_deployment: false } } });
  expect(emulator({ resource: { aws_vpc: { Vpc: {} } } })).not.toHaveProperty('resource');
});

test('an endpoint that is no URL is refused', () => {
  expect(() => emulatorOverride(configuration, { endpoint: 'localhost:4566' })).toThrow(
    'the emulator\'s endpoint: "localhost:4566" is not a URL; use one such as http://127.0.0.1:4566',
  );
});

test("the caller's account and habits do not reach it", () => {
  const environment = emulatorEnvironment(
    { PATH: '/bin', AWS_PROFILE: 'prod', AWS_ACCESS_KEY_ID: 'real', TF_LOG: 'TRACE', TF_CLI_CONFIG_FILE: '/x' },
    { endpoint: 'http://127.0.0.1:4566' },
  );
  expect(environment).toMatchObject({
    PATH: '/bin',
    TF_CLI_CONFIG_FILE: '/x',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
  });
  expect(environment).not.toHaveProperty('AWS_PROFILE');
  expect(environment).not.toHaveProperty('TF_LOG');
  expect(environment['AWS_ACCESS_KEY_ID']).not.toBe('real');
});
