/** One rule on resources: the same resource before, changed so that the rule finds it, and changed so that it just does not. */
export interface RuleCase {
  readonly rule: string;
  readonly type: string;
  /** Undefined: the resource is new. */
  readonly before?: object;
  /** Undefined: it is destroyed. */
  readonly trigger?: object;
  readonly near?: object;
  /** The near one is new, though the other exists. */
  readonly nearIsNew?: true;
  /** Resources of the change that the near one refers to, by type and name. */
  readonly beside?: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource: string) => ({ Effect: 'Allow', Action, Resource });
const role = 'role-of-the-test';
const forAll = { ...allow('*', '*'), Principal: '*' };
const ownAccounts = { ...forAll, Condition: { StringEquals: { 'aws:PrincipalAccount': ['111111111111'] } } };
const endpoint = { vpc_id: 'vpc-1', service_name: 'com.amazonaws.us-east-1.s3', policy: policy(ownAccounts) };
const key = 'arn:aws:kms:us-east-1:111111111111:key/11111111-1111-1111-1111-111111111111';
const certificate = 'arn:aws:acm:us-east-1:111111111111:certificate/11111111-1111-1111-1111-111111111111';
const balancer = 'arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/example/1111111111111111';
const targets = 'arn:aws:elasticloadbalancing:us-east-1:111111111111:targetgroup/example/1111111111111111';
const listener = {
  load_balancer_arn: balancer,
  port: 443,
  protocol: 'HTTPS',
  certificate_arn: certificate,
  default_action: [{ type: 'forward', target_group_arn: targets }],
};
const database = {
  identifier: 'example',
  engine: 'postgres',
  engine_version: '15.5',
  instance_class: 'db.t4g.medium',
  allocated_storage: 20,
  username: 'example',
  password: 'example-password-1',
  backup_retention_period: 7,
  storage_encrypted: true,
  kms_key_id: key,
  multi_az: true,
  deletion_protection: true,
  skip_final_snapshot: true,
};
const table = {
  name: 'example',
  billing_mode: 'PAY_PER_REQUEST',
  hash_key: 'id',
  attribute: [{ name: 'id', type: 'S' }],
  stream_enabled: true,
  stream_view_type: 'NEW_AND_OLD_IMAGES',
  point_in_time_recovery: { enabled: true },
  replica: [{ region_name: 'eu-west-1' }, { region_name: 'ap-northeast-2' }],
};
const check = {
  fqdn: 'example.com',
  type: 'HTTPS',
  port: 443,
  resource_path: '/healthz',
  request_interval: 10,
  failure_threshold: 3,
};
const record = {
  zone_id: 'Z0000000000000',
  name: 'api.example.com',
  type: 'A',
  ttl: 60,
  records: ['192.0.2.1'],
  set_identifier: 'us',
  failover_routing_policy: { type: 'PRIMARY' },
};
const group = {
  min_size: 2,
  max_size: 6,
  launch_configuration: 'example',
  vpc_zone_identifier: ['subnet-1', 'subnet-2', 'subnet-3'],
};
const origin = (origin_id: string) => ({
  origin_id,
  domain_name: `${origin_id}.example.com`,
  custom_origin_config: {
    http_port: 80,
    https_port: 443,
    origin_protocol_policy: 'https-only',
    origin_ssl_protocols: ['TLSv1.2'],
  },
});
const distribution = (...origins: string[]) => ({
  enabled: true,
  origin: origins.map(origin),
  default_cache_behavior: {
    allowed_methods: ['GET', 'HEAD'],
    cached_methods: ['GET', 'HEAD'],
    target_origin_id: 'us',
    viewer_protocol_policy: 'https-only',
    cache_policy_id: '658327ea-f89d-4fab-a63d-7e88639e58f6',
  },
  restrictions: { geo_restriction: { restriction_type: 'none' } },
  viewer_certificate: { cloudfront_default_certificate: true },
});
const route = {
  destination_cidr_block: '10.1.0.0/16',
  transit_gateway_attachment_id: 'tgw-attach-1',
  transit_gateway_route_table_id: 'tgw-rtb-1',
};
const ingress = {
  security_group_id: 'sg-1',
  ip_protocol: 'tcp',
  from_port: 5432,
  to_port: 5432,
  cidr_ipv4: '10.0.0.0/16',
};
const entry = {
  network_acl_id: 'acl-1',
  rule_number: 100,
  egress: false,
  protocol: 'tcp',
  rule_action: 'allow',
  cidr_block: '10.0.0.0/16',
  from_port: 443,
  to_port: 443,
};

/** At least one case of every rule on resources. */
export const ruleCases: readonly RuleCase[] = [
  {
    rule: 'stateful-destroy',
    type: 'aws_dynamodb_table',
    before: table,
    near: { ...table, tags: { team: 'example' } },
  },
  {
    rule: 'stateful-destroy',
    type: 'aws_s3_bucket',
    before: { bucket: 'example' },
    trigger: { bucket: 'example-two' },
    near: { bucket: 'example', tags: { one: 'two' } },
  },
  { rule: 'key-removed', type: 'aws_kms_key', before: { description: 'one' }, near: { description: 'another' } },
  {
    rule: 'replica-removed',
    type: 'aws_dynamodb_table',
    before: table,
    trigger: { ...table, replica: table.replica.slice(1) },
    near: { ...table, replica: [...table.replica, { region_name: 'eu-north-1' }] },
  },
  {
    rule: 'backups-weakened',
    type: 'aws_db_instance',
    before: database,
    trigger: { ...database, backup_retention_period: 1 },
    near: { ...database, backup_retention_period: 8 },
  },
  {
    rule: 'backups-weakened',
    type: 'aws_dynamodb_table',
    before: table,
    trigger: { ...table, point_in_time_recovery: { enabled: false } },
    near: { ...table, tags: { one: 'two' } },
  },
  {
    rule: 'versioning-suspended',
    type: 'aws_s3_bucket_versioning',
    before: { bucket: 'example', versioning_configuration: { status: 'Enabled' } },
    trigger: { bucket: 'example', versioning_configuration: { status: 'Suspended' } },
    near: { bucket: 'example', versioning_configuration: { status: 'Enabled' }, mfa: '1' },
  },
  {
    rule: 'deletion-protection-removed',
    type: 'aws_db_instance',
    before: database,
    trigger: { ...database, deletion_protection: false },
    near: { ...database, skip_final_snapshot: false, final_snapshot_identifier: 'last' },
  },
  {
    rule: 'encryption-weakened',
    type: 'aws_lb_listener',
    before: listener,
    trigger: { ...listener, port: 80, protocol: 'HTTP', certificate_arn: null },
    near: { ...listener, port: 8443 },
  },
  {
    rule: 'health-check-replaced',
    type: 'aws_route53_health_check',
    before: check,
    trigger: { ...check, request_interval: 30 },
    near: { ...check, failure_threshold: 2 },
  },
  {
    rule: 'detection-slower',
    type: 'aws_route53_health_check',
    before: check,
    trigger: { ...check, failure_threshold: 5 },
    near: { ...check, failure_threshold: 1 },
  },
  {
    rule: 'ttl-raised',
    type: 'aws_route53_record',
    before: record,
    trigger: { ...record, ttl: 61 },
    near: { ...record, ttl: 59 },
  },
  {
    rule: 'failover-target-removed',
    type: 'aws_cloudfront_distribution',
    before: distribution('us', 'ap'),
    trigger: distribution('us'),
    near: distribution('us', 'ap', 'eu'),
  },
  {
    rule: 'failover-target-removed',
    type: 'aws_route53_record',
    before: record,
    near: { ...record, records: ['192.0.2.2'] },
  },
  {
    rule: 'network-destroyed',
    type: 'aws_vpc',
    before: { cidr_block: '10.0.0.0/16' },
    trigger: { cidr_block: '10.1.0.0/16' },
    near: { cidr_block: '10.0.0.0/16', enable_dns_hostnames: true },
  },
  {
    rule: 'network-destroyed',
    type: 'aws_ec2_transit_gateway',
    before: { amazon_side_asn: 64512 },
    near: { amazon_side_asn: 64512, description: 'changed' },
  },
  {
    rule: 'zone-removed',
    type: 'aws_autoscaling_group',
    before: group,
    trigger: { ...group, vpc_zone_identifier: ['subnet-1', 'subnet-2'] },
    near: { ...group, vpc_zone_identifier: ['subnet-1', 'subnet-2', 'subnet-3', 'subnet-4'] },
  },
  {
    rule: 'capacity-lowered',
    type: 'aws_autoscaling_group',
    before: group,
    trigger: { ...group, min_size: 1 },
    near: { ...group, min_size: 3 },
  },
  {
    rule: 'minimum-above-running',
    type: 'aws_autoscaling_group',
    before: { ...group, desired_capacity: 4 },
    trigger: { ...group, desired_capacity: 4, min_size: 5 },
    near: { ...group, desired_capacity: 4, min_size: 4 },
  },
  {
    rule: 'route-removed',
    type: 'aws_ec2_transit_gateway_route',
    before: route,
    trigger: { ...route, destination_cidr_block: '10.2.0.0/16' },
    near: route,
  },
  {
    rule: 'route-added',
    type: 'aws_ec2_transit_gateway_route',
    trigger: route,
    near: { ...route, transit_gateway_route_table_id: '${aws_ec2_transit_gateway_route_table.New.id}' },
    beside: { aws_ec2_transit_gateway_route_table: { New: { transit_gateway_id: 'tgw-1' } } },
  },
  {
    rule: 'security-group-open',
    type: 'aws_vpc_security_group_ingress_rule',
    before: ingress,
    trigger: { ...ingress, cidr_ipv4: '0.0.0.0/0' },
    near: { ...ingress, cidr_ipv4: '0.0.0.0/0', from_port: 443, to_port: 443 },
  },
  {
    rule: 'security-group-widened',
    type: 'aws_vpc_security_group_ingress_rule',
    before: ingress,
    trigger: { ...ingress, cidr_ipv4: '10.0.0.0/15' },
    near: { ...ingress, cidr_ipv4: '10.0.0.0/17' },
  },
  {
    rule: 'network-acl-widened',
    type: 'aws_network_acl_rule',
    before: entry,
    trigger: { ...entry, to_port: 444 },
    near: { ...entry, cidr_block: '10.0.0.0/24' },
  },
  {
    rule: 'made-public',
    type: 'aws_s3_bucket_public_access_block',
    before: { bucket: 'example', block_public_acls: true, block_public_policy: true },
    trigger: { bucket: 'example', block_public_acls: true, block_public_policy: false },
    near: { bucket: 'example', block_public_acls: true, block_public_policy: true, ignore_public_acls: true },
  },
  {
    rule: 'policy-wildcard',
    type: 'aws_iam_role_policy_attachment',
    trigger: { role, policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    near: { role, policy_arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
  },
  {
    rule: 'policy-wildcard',
    type: 'aws_iam_role_policy',
    before: { role, policy: policy(allow('s3:GetObject', 'arn:aws:s3:::example/*')) },
    trigger: { role, policy: policy(allow('s3:*', '*')) },
    near: { role, policy: policy(allow('s3:*', 'arn:aws:s3:::example/*')) },
  },
  {
    rule: 'policy-wildcard',
    type: 'aws_iam_policy',
    trigger: { name: 'deploy-boundary', policy: policy(allow('*', '*')) },
    near: {
      name: 'deploy-boundary',
      policy: policy(allow('*', '*'), { ...allow('iam:*', '*'), Effect: 'Deny' }),
    },
  },
  {
    rule: 'policy-wildcard',
    type: 'aws_vpc_endpoint',
    before: endpoint,
    trigger: { ...endpoint, policy: policy(forAll) },
    near: {
      ...endpoint,
      policy: policy(ownAccounts, { ...allow('s3:GetObject', 'arn:aws:s3:::packages/*'), Principal: '*' }),
    },
  },
  // An endpoint without a policy allows all, so a new one with a policy that allows all widens nothing.
  {
    rule: 'policy-wildcard',
    type: 'aws_vpc_endpoint',
    before: endpoint,
    trigger: { ...endpoint, policy: policy(forAll) },
    near: { ...endpoint, policy: policy(forAll) },
    nearIsNew: true,
  },
  {
    rule: 'policy-widened',
    type: 'aws_iam_role_policy',
    before: { role, policy: policy(allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::example/*')) },
    trigger: { role, policy: policy(allow(['s3:GetObject', 's3:DeleteObject'], 'arn:aws:s3:::example/*')) },
    near: { role, policy: policy(allow('s3:GetObject', 'arn:aws:s3:::example/images/*')) },
  },
  {
    rule: 'engine-version',
    type: 'aws_db_instance',
    before: database,
    trigger: { ...database, engine_version: '16.1' },
    near: { ...database, instance_class: 'db.t4g.large' },
  },
];
