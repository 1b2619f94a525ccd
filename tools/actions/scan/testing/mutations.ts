import type { Block, StackJson } from '@platform/libs/testing/synthesised-stack';

/** Breaks one rule for one resource: by its own arguments, or by what stands beside it. */
export interface Mutation {
  readonly breaks: (block: Block, json: { resource: NonNullable<StackJson['resource']> }) => void;
  /** Which resource of the type; the first where absent. */
  readonly of?: (block: Block) => boolean;
}

const set =
  (changes: Block): Mutation['breaks'] =>
  (block) =>
    void Object.assign(block, changes);
const unset =
  (...names: string[]): Mutation['breaks'] =>
  (block) =>
    names.forEach((name) => delete block[name]);
const alone =
  (type: string): Mutation['breaks'] =>
  (_, { resource }) =>
    delete resource[type];
const plain: Mutation = { breaks: unset('kms_key_id', 'kms_master_key_id', 'kms_key_arn', 'kms_key_identifier') };
const publicAddress: Mutation = { breaks: set({ publicly_accessible: true }) };
const plainInsights: Mutation = { breaks: unset('performance_insights_kms_key_id') };
const oldAuthority: Mutation = { breaks: set({ ca_cert_identifier: 'rds-ca-2019' }) };
const policyOf = (type: string, add: object): Mutation => ({
  breaks: (_, { resource }) => {
    for (const block of Object.values(resource[type]!)) block['policy'] = JSON.stringify({ Statement: [add] });
  },
});
const parameters = (type: string): Mutation => ({
  breaks: (_, { resource }) => {
    for (const block of Object.values(resource[type]!)) {
      for (const it of block['parameter']) if (it.name === 'rds.force_ssl') it.value = '0';
    }
  },
});
const ofType = (word: string) => (block: Block) => block['load_balancer_type'] === word;
const allow = (changes: object): Mutation['breaks'] =>
  set({
    policy: JSON.stringify({ Statement: { Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*', ...changes } }),
  });

/** One mutation for every rule: a rule that nothing breaks proves nothing. */
export const mutations: Readonly<Record<string, Readonly<Record<string, Mutation>>>> = {
  aws_autoscaling_group: {
    'start machines from a template, whose rules are here': { breaks: unset('launch_template') },
  },
  aws_cloudformation_stack: {
    'take secrets from Secrets Manager': {
      breaks: (block) => {
        block['template_body'] = String(block['template_body']).replace(/\{\{resolve:[^}]*\}\}/, 'hunter2');
      },
    },
  },
  aws_cloudfront_distribution: {
    'ask readers for current TLS': {
      breaks: (block) => (block['viewer_certificate'].minimum_protocol_version = 'TLSv1.1_2016'),
    },
    'serve over TLS only': {
      breaks: (block) => (block['ordered_cache_behavior'][0].viewer_protocol_policy = 'allow-all'),
    },
    'speak TLS 1.2 with balancers and signed requests with buckets': {
      breaks: (block) => (block['origin'][0].custom_origin_config.origin_protocol_policy = 'match-viewer'),
    },
    'stand behind a firewall': { breaks: unset('web_acl_id') },
    'log its requests': { breaks: alone('aws_cloudwatch_log_delivery_source') },
  },
  aws_cloudfront_origin_access_control: { 'sign every request': { breaks: set({ signing_behavior: 'never' }) } },
  aws_cloudfront_response_headers_policy: {
    'tell browsers to stay with TLS': {
      breaks: (block) => delete block['security_headers_config'].strict_transport_security,
    },
  },
  aws_cloudwatch_event_archive: {
    'keep events of a bus that is encrypted': {
      breaks: (_, { resource }) =>
        Object.values(resource['aws_cloudwatch_event_bus']!).forEach((bus) => delete bus['kms_key_identifier']),
    },
  },
  aws_cloudwatch_event_bus: { 'be encrypted by a key': plain },
  aws_cloudwatch_log_group: {
    'be encrypted by a key': plain,
    'forget some day': { breaks: unset('retention_in_days') },
  },
  aws_db_instance: {
    'have no public address': publicAddress,
    'encrypt what it measures of statements': plainInsights,
    'have a certificate that is current': oldAuthority,
    'encrypt its storage by a key': { breaks: set({ storage_encrypted: false }) },
    'send its log away': { breaks: set({ enabled_cloudwatch_logs_exports: [] }) },
    'refuse plain connections': parameters('aws_db_parameter_group'),
  },
  aws_default_security_group: {
    'let nothing in or out': { breaks: set({ egress: [{ protocol: '-1', cidr_blocks: ['0.0.0.0/0'] }] }) },
  },
  aws_dynamodb_table: {
    'be encrypted by a key': { breaks: unset('server_side_encryption') },
    'be restorable to a point in time': { breaks: set({ point_in_time_recovery: { enabled: false } }) },
  },
  aws_dynamodb_table_replica: {
    'be encrypted by a key of its region': plain,
    'be restorable to a point in time': { breaks: unset('point_in_time_recovery') },
  },
  aws_ec2_transit_gateway: {
    'log what flows': { breaks: alone('aws_flow_log') },
    'accept nobody by itself': { breaks: set({ auto_accept_shared_attachments: 'enable' }) },
  },
  aws_elasticache_replication_group: {
    'be encrypted by a key': plain,
    'refuse plain connections': { breaks: set({ transit_encryption_mode: 'preferred' }) },
    'know its users': { breaks: unset('user_group_ids') },
  },
  aws_elasticache_user: {
    'sign in by IAM, or be switched off': { breaks: set({ access_string: 'on ~* +@all', authentication_mode: {} }) },
  },
  aws_flow_log: {
    'log what is refused and what is let through': {
      breaks: set({ traffic_type: 'REJECT' }),
      of: ({ vpc_id }) => vpc_id !== undefined,
    },
  },
  aws_globalaccelerator_accelerator: { 'log what flows': { breaks: unset('attributes') } },
  aws_iam_role_policy_attachment: {
    "not hand out one of AWS's policies for people": {
      breaks: set({ policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' }),
    },
  },
  aws_kms_key: {
    'be rotated': { breaks: set({ enable_key_rotation: false }) },
    'say who may use it': { breaks: unset('policy') },
  },
  aws_launch_template: {
    'ask for tokens of the metadata service (IMDSv2)': {
      breaks: (block) => (block['metadata_options'].http_tokens = 'optional'),
    },
    'encrypt its disks': { breaks: (block) => delete block['block_device_mappings'][0].ebs.encrypted },
    'give no public address': { breaks: set({ network_interfaces: [{ associate_public_ip_address: 'true' }] }) },
  },
  aws_lb: {
    'log its requests': { breaks: unset('access_logs'), of: ofType('network') },
    'drop headers that are none': { breaks: unset('drop_invalid_header_fields'), of: ofType('application') },
  },
  aws_lb_listener: {
    'speak TLS as it is current, or send clients there': {
      breaks: set({ ssl_policy: 'ELBSecurityPolicy-2016-08' }),
      of: ({ protocol }) => protocol === 'HTTPS',
    },
  },
  aws_lb_target_group: {
    'speak TLS to machines, or pass packets as they come': { breaks: set({ protocol: 'HTTP' }) },
  },
  aws_ram_resource_share: {
    'stay in the organisation unless it says with whom': {
      breaks: (block, { resource }) => {
        block['allow_external_principals'] = true;
        for (const it of Object.values(resource['aws_ram_principal_association']!)) it['principal'] = '*';
      },
    },
  },
  aws_rds_cluster: {
    'encrypt its storage by a key': plain,
    'send its log away': { breaks: unset('enabled_cloudwatch_logs_exports') },
    'refuse plain connections': parameters('aws_rds_cluster_parameter_group'),
  },
  aws_rds_cluster_instance: {
    'have no public address': publicAddress,
    'encrypt what it measures of statements': plainInsights,
    'have a certificate that is current': oldAuthority,
  },
  aws_rds_global_cluster: { 'encrypt its storage': { breaks: unset('storage_encrypted') } },
  aws_route53_health_check: {
    'ask over TLS': { breaks: set({ type: 'HTTP' }), of: ({ type }) => type === 'HTTPS' },
  },
  aws_route53_zone: { 'log what is asked': { breaks: alone('aws_route53_query_log') } },
  aws_s3_bucket: {
    'encrypt what it holds': { breaks: alone('aws_s3_bucket_server_side_encryption_configuration') },
    'be closed to the public': {
      breaks: (_, { resource }) =>
        Object.values(resource['aws_s3_bucket_public_access_block']!).forEach((it) => {
          it['restrict_public_buckets'] = false;
        }),
    },
    'know no access lists': { breaks: set({ acl: 'public-read' }) },
    'refuse plain HTTP': policyOf('aws_s3_bucket_policy', { Effect: 'Deny', Principal: '*', Action: 's3:*' }),
    'keep versions': { breaks: alone('aws_s3_bucket_versioning') },
    'log who reads it, hold logs, or say why not': {
      breaks: alone('aws_s3_bucket_logging'),
      of: ({ bucket }) => String(bucket).includes('documents'),
    },
  },
  aws_s3_bucket_replication_configuration: {
    'encrypt copies by a key of their region': {
      breaks: (block) => delete block['rule'][0].destination.encryption_configuration,
    },
  },
  aws_secretsmanager_secret: {
    'be encrypted by a key, and each copy too': { breaks: (block) => delete block['replica'][0].kms_key_id },
  },
  aws_secretsmanager_secret_version: {
    'keep its value out of the state': { breaks: set({ secret_string: 'hunter2' }) },
  },
  aws_sns_topic: {
    'be encrypted by a key': plain,
    'refuse plain HTTP': { breaks: alone('aws_sns_topic_policy') },
  },
  aws_sqs_queue: {
    'be encrypted by a key': plain,
    'refuse plain HTTP': policyOf('aws_sqs_queue_policy', {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  },
  aws_subnet: { 'give no public address': { breaks: set({ map_public_ip_on_launch: true }) } },
  aws_vpc: { 'log what flows': { breaks: alone('aws_flow_log') } },
  aws_vpc_endpoint: {
    'let own accounts through only, where it leads to all that AWS has': {
      breaks: unset('policy'),
      of: ({ policy }) => policy !== undefined,
    },
  },
  aws_vpc_endpoint_service: {
    'be offered to named accounts, and accept each by itself': { breaks: set({ allowed_principals: ['*'] }) },
  },
  aws_vpn_connection: {
    'agree on IKEv2 and AES-256-GCM only': {
      breaks: set({ tunnel2_phase2_encryption_algorithms: ['AES128', 'AES256-GCM-16'] }),
    },
    'keep its keys out of the state': { breaks: set({ tunnel1_preshared_key: 'hunter2' }) },
  },
  aws_wafv2_web_acl: { 'log what it refuses': { breaks: alone('aws_wafv2_web_acl_logging_configuration') } },
};

/** Policies that no resource may have, and the type of one that could have each. */
export const unwantedPolicies: readonly (readonly [what: string, type: string, rule: string, Mutation])[] = [
  ['everybody by a word', 'aws_sqs_queue_policy', 'allow nothing to everybody', { breaks: allow({ Principal: '*' }) }],
  [
    'everybody among others',
    'aws_kms_key',
    'allow nothing to everybody',
    { breaks: allow({ Principal: { AWS: ['arn:aws:iam::111111111111:root', '*'] } }) },
  ],
  [
    'everybody but one',
    'aws_s3_bucket_policy',
    'allow nothing to everybody',
    { breaks: allow({ NotPrincipal: { AWS: 'arn:aws:iam::111111111111:root' } }) },
  ],
  [
    'everybody through an endpoint',
    'aws_vpc_endpoint',
    'allow nothing to everybody',
    { breaks: allow({ Principal: '*', Condition: { StringEquals: { 'aws:ResourceAccount': '111111111111' } } }) },
  ],
  ['everything', 'aws_iam_role_policy', 'allow nobody everything', { breaks: allow({ Action: '*' }) }],
  ['everything in a list', 'aws_iam_role_policy', 'allow nobody everything', { breaks: allow({ Action: ['a', '*'] }) }],
  [
    'all but one action',
    'aws_iam_role_policy',
    'allow nobody everything',
    { breaks: allow({ Action: undefined, NotAction: 'iam:*' }) },
  ],
];
