import type { Configuration } from '@platform/tools/model/configuration';
import { uncleanResources, unsupportedBy } from './unsupported';

const configuration: Configuration = {
  resource: {
    aws_vpc: { Vpc: { cidr_block: '10.0.0.0/16' } },
    aws_subnet: { 'Vpc_App-0': { vpc_id: '${aws_vpc.Vpc.id}' } },
    aws_ram_resource_share: { Share: { name: 'x' } },
    aws_ram_resource_association: {
      'Share-App-0': {
        resource_arn: '${aws_subnet.Vpc_App-0.arn}',
        resource_share_arn: '${aws_ram_resource_share.Share.arn}',
      },
    },
    terraform_data: { Later: { depends_on: ['aws_ram_resource_association.Share-App-0'] } },
  },
  output: {
    vpcId: { value: '${aws_vpc.Vpc.id}' },
    shareArn: { value: '${aws_ram_resource_share.Share.arn}' },
  },
};

/** Addresses that the emulator cannot make. */
const unsupported = (given: Configuration, profile: Parameters<typeof unsupportedBy>[0] = 'moto') =>
  unsupportedBy(profile, given).resources.map(({ address }) => address);

test('names what is missing on the emulator and all that needs it, with the reason', () => {
  expect(unsupportedBy('moto', configuration).resources).toEqual([
    { address: 'aws_ram_resource_association.Share-App-0', reason: 'needs aws_ram_resource_share.Share' },
    { address: 'aws_ram_resource_share.Share', reason: 'moto: the permissions of a share cannot be listed' },
    { address: 'terraform_data.Later', reason: 'needs aws_ram_resource_association.Share-App-0' },
  ]);
});

test('an output of an unsupported resource is missing, and what reads it in another stack is unsupported there', () => {
  const { outputs: missingOutputs } = unsupportedBy('moto', configuration);
  expect(missingOutputs).toEqual(['shareArn']);
  const read = (output: string): Configuration => ({
    resource: {
      aws_instance: { I: { tags: { x: `\${data.terraform_remote_state.region-us-vpc.outputs.${output}}` } } },
    },
    data: { terraform_remote_state: { 'region-us-vpc': { backend: 's3' } } },
  });
  const upstream = new Map([['region-us-vpc', missingOutputs]]);
  expect(unsupportedBy('moto', read('shareArn'), upstream).resources).toEqual([
    { address: 'aws_instance.I', reason: 'needs output shareArn of region-us-vpc' },
  ]);
  expect(unsupportedBy('moto', read('vpcId'), upstream).resources).toEqual([]);
});

test('a name that begins like that of another resource is another', () => {
  const found = unsupported({
    resource: {
      aws_ram_resource_share: { Share: {} },
      aws_ssm_parameter: { P: { value: '${aws_ssm_parameter.Share-2.id}' }, 'Share-2': {} },
    },
  });
  expect(found).toEqual(['aws_ram_resource_share.Share']);
});

test('nothing is assumed of an endpoint of another kind', () => {
  expect(unsupported(configuration, 'other')).toEqual([]);
});

test('metadata of cdktf is no reference', () => {
  const described = { '//': { metadata: { path: 'aws_ram_resource_share.Share' } } };
  expect(unsupported({ resource: { aws_vpc: { V: described }, aws_ram_resource_share: { Share: {} } } })).toEqual([
    'aws_ram_resource_share.Share',
  ]);
});

test('a fault of some blocks of a type is no fault of others', () => {
  const rules = (noncurrent: object): Configuration => ({
    resource: {
      aws_s3_bucket_lifecycle_configuration: { L: { rule: [{ noncurrent_version_expiration: [noncurrent] }] } },
    },
  });
  expect(unsupported(rules({ noncurrent_days: 30 }), 'moto')).toEqual([]);
  expect(unsupported(rules({ noncurrent_days: 30, newer_noncurrent_versions: 9 }), 'moto')).toHaveLength(1);
  expect(unsupported(rules({ noncurrent_days: 30, newer_noncurrent_versions: 9 }), 'ministack')).toEqual([]);
});

test('a listener without a port is that of a gateway balancer', () => {
  const listener = (given: Record<string, unknown>): Configuration => ({
    resource: { aws_lb_listener: { Listener: given } },
  });
  expect(unsupported(listener({ load_balancer_arn: 'x' }), 'moto')).toHaveLength(1);
  expect(unsupported(listener({ load_balancer_arn: 'x', port: 443 }), 'moto')).toEqual([]);
});

test('what reads back wrong is made, and named', () => {
  const rules: Configuration = {
    resource: {
      aws_vpc_security_group_ingress_rule: {
        FromGroup: { referenced_security_group_id: 'sg-1' },
        FromNetwork: { cidr_ipv4: '10.0.0.0/8' },
      },
    },
  };
  expect(unsupported(rules, 'moto')).toEqual([]);
  expect(uncleanResources(rules, 'moto').map(({ address }) => address)).toEqual([
    'aws_vpc_security_group_ingress_rule.FromGroup',
  ]);
  expect(uncleanResources(rules, 'other')).toEqual([]);
});
