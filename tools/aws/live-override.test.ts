import type { Configuration } from '@platform/tools/model/configuration';
import { awsOverride } from './live-override';

interface Block {
  readonly [name: string]: unknown;
}
interface Override {
  readonly terraform: { readonly backend: { readonly s3: Block & { assume_role: Block } } };
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
  awsOverride({ ...given, configuration: { ...configuration, ...more } }) as Override;

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
  const long = awsOverride({ ...given, description: { stack: 'x'.repeat(100) } }) as Override;
  expect(long.terraform.backend.s3.assume_role.session_name).toHaveLength(64);
});
