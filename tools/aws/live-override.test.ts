import type { Configuration } from '@platform/tools/model/configuration';
import { emulatorEnvironment, liveOverride } from './live-override';

interface Block {
  readonly [name: string]: unknown;
}
interface Override {
  readonly terraform: { readonly backend: { readonly s3: Block & { assume_role: Block; endpoints: Block } } };
  readonly provider: { readonly aws: readonly Block[] };
  readonly data: { readonly terraform_remote_state: Record<string, { readonly config: Block }> };
  readonly resource?: Block;
}

const configuration: Configuration = {
  terraform: {
    backend: { s3: { bucket: 'states-us', key: 'x/terraform.tfstate', region: 'us-east-1', use_lockfile: true } },
  },
  provider: {
    aws: [
      { region: 'us-east-1', allowed_account_ids: ['111111111111'] },
      { alias: 'workload', region: 'us-east-1', allowed_account_ids: ['222222222222'] },
    ],
  },
  resource: { aws_cloudfront_distribution: { Site: {} }, aws_vpc: { Vpc: {} } },
  data: {
    terraform_remote_state: {
      'region-us-vpc': { backend: 's3', config: { bucket: 'states-us', key: 'region-us-vpc/terraform.tfstate' } },
    },
  },
};
const given = {
  configuration,
  environment: {
    accounts: { network: '111111111111', workload: '222222222222', edge: '333333333333', management: '444444444444' },
    deployRole: 'platform-deploy',
  },
  description: { stack: 'region-us-certificate' },
};
const aws = (more: Configuration = {}) =>
  liveOverride({ ...given, configuration: { ...configuration, ...more }, target: 'aws' }) as Override;
const emulator = (more: Configuration = {}) =>
  liveOverride({
    ...given,
    configuration: { ...configuration, ...more },
    target: 'emulator',
    emulator: { endpoint: 'http://127.0.0.1:4566/' },
  }) as Override;

describe('in AWS', () => {
  test('each provider assumes the deploy role in the account that it is guarded for', () => {
    expect(aws().provider.aws).toEqual([
      {
        assume_role: [
          {
            role_arn: 'arn:aws:iam::111111111111:role/platform-deploy',
            session_name: 'terraform-region-us-certificate',
          },
        ],
      },
      {
        alias: 'workload',
        assume_role: [
          {
            role_arn: 'arn:aws:iam::222222222222:role/platform-deploy',
            session_name: 'terraform-region-us-certificate',
          },
        ],
      },
    ]);
  });

  test('states are read and written in the management account and in no other', () => {
    const { backend } = aws().terraform;
    expect(backend.s3).toMatchObject({
      assume_role: { role_arn: 'arn:aws:iam::444444444444:role/platform-deploy' },
      allowed_account_ids: ['444444444444'],
    });
    expect(aws().data.terraform_remote_state['region-us-vpc']!.config).toMatchObject({
      key: 'region-us-vpc/terraform.tfstate',
      assume_role: backend.s3.assume_role,
    });
  });

  test('no guard is switched off and no resource changed', () => {
    expect(JSON.stringify(aws())).not.toMatch(/skip_|access_key|endpoints|default_tags|wait_for/);
    expect(aws()).not.toHaveProperty('resource');
  });

  test('a provider without a guard is refused', () => {
    expect(() => aws({ provider: { aws: [{ region: 'us-east-1' }] } })).toThrow(
      'region-us-certificate: its provider aws names no account; give it allowed_account_ids',
    );
  });

  test('the name of the session is one that STS takes', () => {
    const long = liveOverride({ ...given, target: 'aws', description: { stack: 'x'.repeat(100) } }) as Override;
    expect(long.terraform.backend.s3.assume_role.session_name).toHaveLength(64);
  });
});

describe('on an emulator', () => {
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
    expect(() => liveOverride({ ...given, target: 'emulator', emulator: { endpoint: 'localhost:4566' } })).toThrow(
      'the emulator\'s endpoint: "localhost:4566" is no URL; give one like http://127.0.0.1:4566',
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
});
