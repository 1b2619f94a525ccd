import type { Configuration } from '@platform/tools/model/configuration';
import { applicable, uncleanResources } from './applicable';

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

test('what is missing on the emulator is left out, and all that needs it, with the reason', () => {
  const { targets, left, whole } = applicable(configuration, 'moto');
  expect(whole).toBe(false);
  expect(targets).toEqual(['aws_subnet.Vpc_App-0', 'aws_vpc.Vpc']);
  expect(left).toEqual([
    { address: 'aws_ram_resource_association.Share-App-0', reason: 'needs aws_ram_resource_share.Share' },
    { address: 'aws_ram_resource_share.Share', reason: 'moto: the permissions of a share cannot be listed' },
    { address: 'terraform_data.Later', reason: 'needs aws_ram_resource_association.Share-App-0' },
  ]);
});

test('an output of something that is left out is missing, and what reads it in another stack is left out there', () => {
  const { missingOutputs } = applicable(configuration, 'moto');
  expect(missingOutputs).toEqual(['shareArn']);
  const read = (output: string): Configuration => ({
    resource: {
      aws_instance: { I: { tags: { x: `\${data.terraform_remote_state.region-us-vpc.outputs.${output}}` } } },
    },
    data: { terraform_remote_state: { 'region-us-vpc': { backend: 's3' } } },
  });
  const upstream = new Map([['region-us-vpc', missingOutputs]]);
  expect(applicable(read('shareArn'), 'moto', upstream).left).toEqual([
    { address: 'aws_instance.I', reason: 'needs output shareArn of region-us-vpc' },
  ]);
  expect(applicable(read('vpcId'), 'moto', upstream).whole).toBe(true);
});

test('a name that begins like that of another resource is another', () => {
  const { targets } = applicable(
    {
      resource: {
        aws_ram_resource_share: { Share: {} },
        aws_ssm_parameter: { P: { value: '${aws_ssm_parameter.Share-2.id}' }, 'Share-2': {} },
      },
    },
    'moto',
  );
  expect(targets).toEqual(['aws_ssm_parameter.P', 'aws_ssm_parameter.Share-2']);
});

test('nothing is assumed of an endpoint of another kind', () => {
  expect(applicable(configuration, 'other').whole).toBe(true);
});

test('metadata of cdktf is no reference', () => {
  const described = { '//': { metadata: { path: 'aws_ram_resource_share.Share' } } };
  expect(
    applicable({ resource: { aws_vpc: { V: described }, aws_ram_resource_share: { Share: {} } } }, 'moto').targets,
  ).toEqual(['aws_vpc.V']);
});

test('a fault of some blocks of a type is no fault of others', () => {
  const rules = (noncurrent: object): Configuration => ({
    resource: {
      aws_s3_bucket_lifecycle_configuration: { L: { rule: [{ noncurrent_version_expiration: [noncurrent] }] } },
    },
  });
  expect(applicable(rules({ noncurrent_days: 30 }), 'moto').whole).toBe(true);
  expect(applicable(rules({ noncurrent_days: 30, newer_noncurrent_versions: 9 }), 'moto').whole).toBe(false);
  expect(applicable(rules({ noncurrent_days: 30, newer_noncurrent_versions: 9 }), 'ministack').whole).toBe(true);
});

test('a listener without a port is that of a gateway balancer', () => {
  const listener = (given: Record<string, unknown>): Configuration => ({
    resource: { aws_lb_listener: { Listener: given } },
  });
  expect(applicable(listener({ load_balancer_arn: 'x' }), 'moto').whole).toBe(false);
  expect(applicable(listener({ load_balancer_arn: 'x', port: 443 }), 'moto').whole).toBe(true);
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
  expect(applicable(rules, 'moto').whole).toBe(true);
  expect(uncleanResources(rules, 'moto').map(({ address }) => address)).toEqual([
    'aws_vpc_security_group_ingress_rule.FromGroup',
  ]);
  expect(uncleanResources(rules, 'other')).toEqual([]);
});
