import { all, at, keyed, list, off, on, removed, set, unset, type SecurityCheck } from './run-security-checks';
import {
  isForEverybody,
  isForEverything,
  onlyRestricts,
  refusesPlainHttp,
  statementsOf,
} from '@platform/tools/model/policy-statements';

/** Argument with the KMS key of each type. */
const keyArguments: Readonly<Record<string, string>> = {
  aws_backup_vault: 'kms_key_arn',
  aws_cloudwatch_event_bus: 'kms_key_identifier',
  aws_cloudwatch_log_group: 'kms_key_id',
  aws_db_instance: 'kms_key_id',
  aws_dynamodb_table: 'server_side_encryption.kms_key_arn',
  aws_dynamodb_table_replica: 'kms_key_arn',
  aws_ecr_repository: 'encryption_configuration.0.kms_key',
  aws_elasticache_replication_group: 'kms_key_id',
  aws_rds_cluster: 'kms_key_id',
  aws_secretsmanager_secret: 'kms_key_id',
  aws_sns_topic: 'kms_master_key_id',
  aws_sqs_queue: 'kms_master_key_id',
};
/** Argument that turns encryption on. */
const encryptionArguments: Readonly<Record<string, string>> = {
  aws_db_instance: 'storage_encrypted',
  aws_dynamodb_table: 'server_side_encryption.enabled',
  aws_elasticache_replication_group: 'at_rest_encryption_enabled',
  aws_rds_cluster: 'storage_encrypted',
  aws_rds_global_cluster: 'storage_encrypted',
};
/** Resource that logs for each type, and its argument that refers to it. */
const logs: Readonly<Record<string, readonly [type: string, argument: string]>> = {
  aws_cloudfront_distribution: ['aws_cloudwatch_log_delivery_source', 'resource_arn'],
  aws_ec2_transit_gateway: ['aws_flow_log', 'transit_gateway_id'],
  aws_route53_zone: ['aws_route53_query_log', 'zone_id'],
  aws_vpc: ['aws_flow_log', 'vpc_id'],
  aws_wafv2_web_acl: ['aws_wafv2_web_acl_logging_configuration', 'resource_arn'],
};
/** Policy of each type, its argument that refers to it, and the actions to deny without TLS. */
const policies: Readonly<Record<string, readonly [type: string, argument: string, action: string]>> = {
  aws_s3_bucket: ['aws_s3_bucket_policy', 'bucket', 's3:*'],
  aws_sns_topic: ['aws_sns_topic_policy', 'arn', 'sns:Publish'],
  aws_sqs_queue: ['aws_sqs_queue_policy', 'queue_url', 'sqs:*'],
};
/** Parameter group of each type of database, and the argument with it. */
const parameterGroups: Readonly<Record<string, readonly [type: string, argument: string]>> = {
  aws_db_instance: ['aws_db_parameter_group', 'parameter_group_name'],
  aws_rds_cluster: ['aws_rds_cluster_parameter_group', 'db_cluster_parameter_group_name'],
};
const publicAccessBlocks = [
  'block_public_acls',
  'block_public_policy',
  'ignore_public_acls',
  'restrict_public_buckets',
];
const isKey = (value: unknown) => typeof value === 'string' && /^(\$\{.*\}|arn:.*:kms:.*)$/.test(value);
/** The resource of a reference: `${aws_backup_vault.Vault.arn}` and `${aws_backup_vault.Vault.name}` are one. */
const sameResource = (one: unknown, other: unknown) =>
  String(one).replace(/\.\w+\}$/, '') === String(other).replace(/\.\w+\}$/, '');
const isOneOf = (words: readonly string[], value: unknown) => words.includes(String(value));
const allow = (changes: object) =>
  set({
    policy: JSON.stringify({ Statement: { Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*', ...changes } }),
  });

/**
 * What must hold for each resource type that can hold or carry data: `npx platform scan` runs the table beside checkov, and
 * the test breaks each row. Sources in parentheses are controls of AWS Security Hub,
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html
 */
export const securityChecks: readonly SecurityCheck[] = [
  // Encryption at rest
  {
    id: 'KMS_KEY',
    types: Object.keys(keyArguments),
    must: 'be encrypted with a KMS key, or a queue with SSE-SQS',
    why: 'the key policy decides who reads it (KMS best practices)',
    // A queue may use SSE-SQS instead (SQS.1), where a service without rights on the key writes to it.
    holds: (block, { type }) => isKey(at(block, keyArguments[type]!)) || block['sqs_managed_sse_enabled'] === true,
    breaks: [keyed(keyArguments, (path) => off(path))],
  },
  {
    id: 'ENCRYPTED',
    types: Object.keys(encryptionArguments),
    must: 'be encrypted at rest',
    why: 'disks and backups can be copied without the database (RDS.3, RDS.27, ElastiCache.4)',
    holds: (block, { type }) => on(at(block, encryptionArguments[type]!)),
    breaks: [keyed(encryptionArguments, (path) => off(path))],
  },
  {
    id: 'BUCKET_ENCRYPTED',
    types: ['aws_s3_bucket'],
    must: 'have a default encryption',
    why: 'S3 user guide, "Setting default server-side encryption behavior"',
    holds: (_, { those }) =>
      those('aws_s3_bucket_server_side_encryption_configuration', 'bucket').some((each) =>
        isOneOf(['aws:kms', 'AES256'], at(each, 'rule.0.apply_server_side_encryption_by_default.sse_algorithm')),
      ),
    breaks: [removed('aws_s3_bucket_server_side_encryption_configuration')],
  },
  {
    id: 'REPLICA_KMS_KEY',
    types: ['aws_s3_bucket_replication_configuration', 'aws_secretsmanager_secret'],
    must: 'encrypt copies with a KMS key of their region',
    why: 'a copy must stay readable without the other region',
    holds: ({ rule, replica }) =>
      list(rule).every((each) => isKey(at(each, 'destination.encryption_configuration.replica_kms_key_id'))) &&
      list(replica).every((each) => isKey(each['kms_key_id'])),
    breaks: [
      ({ rule, replica }) => {
        if (rule) delete rule[0].destination.encryption_configuration;
        if (replica) delete replica[0].kms_key_id;
      },
    ],
  },
  {
    id: 'ARCHIVE_KMS_KEY',
    types: ['aws_cloudwatch_event_archive'],
    must: 'archive an event bus with a KMS key',
    why: 'EventBridge user guide, "Encrypting archives": an archive without a key of its own uses that of AWS',
    holds: (_, { referred }) => isKey(referred('aws_cloudwatch_event_bus', 'event_source_arn')?.['kms_key_identifier']),
    breaks: [all('aws_cloudwatch_event_bus', unset('kms_key_identifier'))],
  },
  {
    id: 'INSIGHTS_KMS_KEY',
    types: ['aws_db_instance', 'aws_rds_cluster_instance'],
    must: 'encrypt Performance Insights with a KMS key',
    why: 'it holds the texts of SQL statements',
    holds: (block) => !on(block['performance_insights_enabled']) || isKey(block['performance_insights_kms_key_id']),
    breaks: [unset('performance_insights_kms_key_id')],
  },
  {
    id: 'DISKS_ENCRYPTED',
    types: ['aws_launch_template'],
    must: 'encrypt its disks',
    why: 'snapshots can be shared (EC2.7)',
    holds: ({ block_device_mappings: disks }) =>
      list(disks).length > 0 && list(disks).every(({ ebs }) => on(ebs?.encrypted)),
    breaks: [off('block_device_mappings.0.ebs.encrypted')],
  },
  {
    id: 'KEY_ROTATION',
    types: ['aws_kms_key'],
    must: 'be rotated',
    why: 'KMS.4; a key that signs cannot be rotated (KMS developer guide, "Rotate AWS KMS keys")',
    holds: ({ enable_key_rotation, key_usage }) => on(enable_key_rotation) || key_usage === 'SIGN_VERIFY',
    breaks: [set({ enable_key_rotation: false })],
  },
  {
    id: 'KEY_POLICY',
    types: ['aws_kms_key'],
    must: 'have a key policy',
    why: 'the default policy leaves the decision to every IAM policy of the account',
    holds: ({ policy }) => policy !== undefined,
    breaks: [unset('policy')],
  },

  // Encryption in transit
  {
    id: 'TLS_LISTENER',
    types: ['aws_lb_listener'],
    must: 'use TLS 1.2 or newer with forward secrecy, or redirect to HTTPS',
    why: 'ELB.1, ELB.17; Application Load Balancer guide, "Security policies". A network load balancer may pass packets on',
    holds: ({ protocol, ssl_policy, default_action }) =>
      protocol === 'HTTP'
        ? list(default_action).every(({ type, redirect }) => type === 'redirect' && redirect.protocol === 'HTTPS')
        : protocol === 'HTTPS' || protocol === 'TLS'
          ? isOneOf(
              [
                'ELBSecurityPolicy-TLS13-1-2-2021-06',
                'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
                'ELBSecurityPolicy-TLS13-1-3-2021-06',
              ],
              ssl_policy,
            )
          : protocol === undefined || protocol === 'TCP' || protocol === 'UDP',
    of: ({ protocol }) => protocol === 'HTTPS',
    breaks: [set({ ssl_policy: 'ELBSecurityPolicy-2016-08' })],
  },
  {
    id: 'TLS_TARGETS',
    types: ['aws_lb_target_group'],
    must: 'connect to targets by TLS, or pass packets on',
    why: 'Well-Architected, SEC09-BP02: encryption in transit ends at the instance',
    holds: ({ protocol }) => isOneOf(['HTTPS', 'TLS', 'TCP', 'UDP', 'GENEVE'], protocol),
    breaks: [set({ protocol: 'HTTP' })],
  },
  {
    id: 'TLS_VIEWERS',
    types: ['aws_cloudfront_distribution'],
    must: 'require TLS 1.2 of viewers',
    why: 'CloudFront.15; CloudFront guide, "Supported protocols and ciphers between viewers and CloudFront"',
    holds: (block) =>
      isOneOf(
        ['TLSv1.2_2021', 'TLSv1.2_2025', 'TLSv1.3_2025'],
        at(block, 'viewer_certificate.minimum_protocol_version'),
      ),
    breaks: [({ viewer_certificate }) => (viewer_certificate.minimum_protocol_version = 'TLSv1.1_2016')],
  },
  {
    id: 'HTTPS_ONLY',
    types: ['aws_cloudfront_distribution'],
    must: 'serve by HTTPS only',
    why: 'CloudFront.3',
    holds: ({ default_cache_behavior, ordered_cache_behavior }) =>
      [...list(default_cache_behavior), ...list(ordered_cache_behavior)].every(({ viewer_protocol_policy }) =>
        isOneOf(['redirect-to-https', 'https-only'], viewer_protocol_policy),
      ),
    breaks: [({ ordered_cache_behavior }) => (ordered_cache_behavior[0].viewer_protocol_policy = 'allow-all')],
  },
  {
    id: 'TLS_ORIGINS',
    types: ['aws_cloudfront_distribution'],
    must: 'use TLS 1.2 to load balancers, and signed requests to buckets',
    why: 'CloudFront.9, CloudFront.10, CloudFront.13',
    holds: ({ origin }) =>
      list(origin).every(({ custom_origin_config: custom, origin_access_control_id }) =>
        custom
          ? custom.origin_protocol_policy === 'https-only' && String(custom.origin_ssl_protocols) === 'TLSv1.2'
          : origin_access_control_id !== undefined,
      ),
    breaks: [({ origin }) => (origin[0].custom_origin_config.origin_protocol_policy = 'match-viewer')],
  },
  {
    id: 'SIGNED_REQUESTS',
    types: ['aws_cloudfront_origin_access_control'],
    must: 'sign every request',
    why: 'the bucket accepts signed requests of the distribution only (CloudFront.13)',
    holds: ({ signing_behavior }) => signing_behavior === 'always',
    breaks: [set({ signing_behavior: 'never' })],
  },
  {
    id: 'HSTS',
    types: ['aws_cloudfront_response_headers_policy'],
    must: 'set Strict-Transport-Security for a year or more',
    why: 'browsers then use HTTPS for the first request too (RFC 6797)',
    holds: (block) =>
      Number(at(block, 'security_headers_config.strict_transport_security.access_control_max_age_sec')) >= 31_536_000,
    breaks: [off('security_headers_config.strict_transport_security')],
  },
  {
    id: 'DATABASE_TLS',
    types: Object.keys(parameterGroups),
    must: 'refuse connections without TLS',
    why: 'RDS user guide, "Requiring an SSL connection to a PostgreSQL DB instance" (RDS.38)',
    holds: (_, { referred, type }) =>
      list(referred(...parameterGroups[type]!)?.['parameter']).some(
        ({ name, value }) => name === 'rds.force_ssl' && value === '1',
      ),
    breaks: [
      keyed(parameterGroups, ([group]) =>
        all(group, ({ parameter }) => {
          for (const one of parameter) if (one.name === 'rds.force_ssl') one.value = '0';
        }),
      ),
    ],
  },
  {
    id: 'CURRENT_CA',
    types: ['aws_db_instance', 'aws_rds_cluster_instance'],
    must: 'have a current certificate authority',
    why: 'rds-ca-2019 expired in 2024 (RDS user guide, "Using SSL/TLS to encrypt a connection")',
    holds: ({ ca_cert_identifier }) => /-g[1-9]$/.test(String(ca_cert_identifier)),
    breaks: [set({ ca_cert_identifier: 'rds-ca-2019' })],
  },
  {
    id: 'CACHE_TLS',
    types: ['aws_elasticache_replication_group'],
    must: 'refuse connections without TLS',
    why: 'ElastiCache.5; the mode `preferred` accepts both',
    holds: ({ transit_encryption_enabled, transit_encryption_mode }) =>
      on(transit_encryption_enabled) && transit_encryption_mode === 'required',
    breaks: [set({ transit_encryption_mode: 'preferred' })],
  },
  {
    id: 'POLICY_TLS',
    types: Object.keys(policies),
    must: 'deny requests without TLS',
    why: 'S3.5, and its counterparts for queues and topics',
    holds: (_, { those, type }) => {
      const [policy, argument, action] = policies[type]!;
      return those(policy, argument).some((each) => refusesPlainHttp(statementsOf(each), action));
    },
    breaks: [
      keyed(policies, ([type]) => removed(type)),
      // A statement that looks like the right one: without the condition, or one that allows.
      ...[
        { Effect: 'Deny', Principal: '*', Action: ['s3:*', 'sns:Publish', 'sqs:*'] },
        {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: ['s3:*', 'sns:Publish', 'sqs:*'],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ].map((Statement) =>
        keyed(policies, ([type]) => all(type, set({ policy: JSON.stringify({ Statement: [Statement] }) }))),
      ),
    ],
  },
  {
    id: 'HEALTH_CHECK_TLS',
    types: ['aws_route53_health_check'],
    must: 'check by HTTPS, combine other checks, or follow an alarm',
    why: 'plain HTTP answers with a redirect, whatever is behind it',
    holds: ({ type }) => isOneOf(['HTTPS', 'CALCULATED', 'CLOUDWATCH_METRIC'], type),
    of: ({ type }) => type === 'HTTPS',
    breaks: [set({ type: 'HTTP' })],
  },
  {
    id: 'VPN_CIPHERS',
    types: ['aws_vpn_connection'],
    must: 'accept IKEv2 and AES-256-GCM only, in both tunnels',
    why: 'Site-to-Site VPN user guide, "Tunnel options": the defaults include IKEv1 and AES-128',
    holds: (block) =>
      ['tunnel1', 'tunnel2'].every(
        (tunnel) =>
          String(block[`${tunnel}_ike_versions`]) === 'ikev2' &&
          [1, 2].every((phase) => String(block[`${tunnel}_phase${phase}_encryption_algorithms`]) === 'AES256-GCM-16'),
      ),
    breaks: [set({ tunnel2_phase2_encryption_algorithms: ['AES128', 'AES256-GCM-16'] })],
  },

  // Access
  {
    id: 'BUCKET_NOT_PUBLIC',
    types: ['aws_s3_bucket'],
    must: 'block public access',
    why: 'S3.8',
    holds: (_, { those }) =>
      those('aws_s3_bucket_public_access_block', 'bucket').some((each) =>
        publicAccessBlocks.every((argument) => on(each[argument])),
      ),
    breaks: [all('aws_s3_bucket_public_access_block', set({ restrict_public_buckets: false }))],
  },
  {
    id: 'BUCKET_NO_ACL',
    types: ['aws_s3_bucket'],
    must: 'have no ACLs',
    why: 'S3.12',
    holds: ({ acl }, { those }) =>
      acl === undefined &&
      those('aws_s3_bucket_ownership_controls', 'bucket').some(
        (each) => at(each, 'rule.object_ownership') === 'BucketOwnerEnforced',
      ),
    breaks: [set({ acl: 'public-read' }), removed('aws_s3_bucket_ownership_controls')],
  },
  {
    id: 'DATABASE_NOT_PUBLIC',
    types: ['aws_db_instance', 'aws_rds_cluster_instance'],
    must: 'have no public address',
    why: 'RDS.2',
    holds: ({ publicly_accessible }) => publicly_accessible === false,
    breaks: [set({ publicly_accessible: true })],
  },
  {
    id: 'SUBNET_NO_PUBLIC_ADDRESS',
    types: ['aws_subnet'],
    must: 'assign no public addresses',
    why: 'EC2.15',
    holds: ({ map_public_ip_on_launch }) => map_public_ip_on_launch === false,
    breaks: [set({ map_public_ip_on_launch: true })],
  },
  {
    id: 'INSTANCE_NO_PUBLIC_ADDRESS',
    types: ['aws_launch_template'],
    must: 'assign no public addresses',
    why: 'EC2.25',
    holds: ({ network_interfaces }) =>
      list(network_interfaces).every(({ associate_public_ip_address: address }) => !on(address)),
    breaks: [set({ network_interfaces: [{ associate_public_ip_address: 'true' }] })],
  },
  {
    id: 'IMDSV2',
    types: ['aws_launch_template'],
    must: 'require IMDSv2',
    why: 'EC2.8',
    holds: (block) => at(block, 'metadata_options.http_tokens') === 'required',
    breaks: [({ metadata_options }) => (metadata_options.http_tokens = 'optional')],
  },
  {
    id: 'LAUNCH_TEMPLATE',
    types: ['aws_autoscaling_group'],
    must: 'use a launch template',
    why: 'the checks of instances are those of the template',
    holds: ({ launch_template, launch_configuration }) =>
      launch_template !== undefined && launch_configuration === undefined,
    breaks: [unset('launch_template')],
  },
  {
    id: 'DEFAULT_GROUP_CLOSED',
    types: ['aws_default_security_group'],
    must: 'have no rules',
    why: 'EC2.2',
    holds: ({ ingress, egress }) => list(ingress).length + list(egress).length === 0,
    breaks: [set({ egress: [{ protocol: '-1', cidr_blocks: ['0.0.0.0/0'] }] })],
  },
  {
    id: 'NO_AUTO_ACCEPT',
    types: ['aws_ec2_transit_gateway'],
    must: 'not accept attachments automatically',
    why: 'EC2.23',
    holds: ({ auto_accept_shared_attachments }) => auto_accept_shared_attachments === 'disable',
    breaks: [set({ auto_accept_shared_attachments: 'enable' })],
  },
  {
    id: 'SHARE_WITH_ACCOUNTS',
    types: ['aws_ram_resource_share'],
    must: 'stay in the organisation, or name accounts',
    why: 'RAM user guide, "Sharing your AWS resources"',
    holds: (block, { those }) =>
      block['allow_external_principals'] === false ||
      those('aws_ram_principal_association', 'resource_share_arn').every(({ principal }) => /\d{12}/.test(principal)),
    breaks: [
      (block, resource, type) => {
        block['allow_external_principals'] = true;
        all('aws_ram_principal_association', set({ principal: '*' }))(block, resource, type);
      },
    ],
  },
  {
    id: 'ENDPOINT_POLICY',
    types: ['aws_vpc_endpoint'],
    must: 'have a policy, if it leads to a service of AWS',
    why: 'without one, credentials of any account can be used through it (PrivateLink guide, "Endpoint policies")',
    holds: ({ vpc_endpoint_type, service_name, policy }) =>
      vpc_endpoint_type === 'GatewayLoadBalancer' ||
      !/^com\.amazonaws\.(?!vpce\.)/.test(String(service_name)) ||
      policy !== undefined,
    of: ({ policy }) => policy !== undefined,
    breaks: [unset('policy')],
  },
  {
    id: 'ENDPOINT_SERVICE_CONSUMERS',
    types: ['aws_vpc_endpoint_service'],
    must: 'name its consumers, and require acceptance',
    why: 'PrivateLink guide, "Configure an endpoint service"',
    holds: ({ acceptance_required, allowed_principals }) =>
      on(acceptance_required) &&
      list(allowed_principals).length > 0 &&
      list(allowed_principals).every((principal) => String(principal) !== '*'),
    breaks: [set({ allowed_principals: ['*'] }), set({ acceptance_required: false })],
  },
  {
    id: 'WEB_ACL',
    types: ['aws_cloudfront_distribution'],
    must: 'have a web ACL',
    why: 'CloudFront.6',
    holds: ({ web_acl_id }) => web_acl_id !== undefined,
    breaks: [unset('web_acl_id')],
  },
  {
    id: 'VALID_HEADERS',
    types: ['aws_lb'],
    must: 'drop invalid headers, if it is an application load balancer',
    why: 'ELB.4',
    holds: ({ load_balancer_type, drop_invalid_header_fields }) =>
      load_balancer_type !== 'application' || on(drop_invalid_header_fields),
    of: ({ load_balancer_type }) => load_balancer_type === 'application',
    breaks: [unset('drop_invalid_header_fields')],
  },
  {
    id: 'CACHE_USERS',
    types: ['aws_elasticache_replication_group'],
    must: 'have a user group',
    why: 'ElastiCache guide, "Role-Based Access Control": without one, every client is the default user',
    holds: ({ user_group_ids }) => list(user_group_ids).length > 0,
    breaks: [unset('user_group_ids')],
  },
  {
    id: 'CACHE_IAM',
    types: ['aws_elasticache_user'],
    must: 'authenticate by IAM, or be off',
    why: 'ElastiCache guide, "Authenticating with IAM": no password to store',
    holds: (block) =>
      at(block, 'authentication_mode.type') === 'iam' || String(block['access_string']).startsWith('off '),
    breaks: [set({ access_string: 'on ~* +@all', authentication_mode: {} })],
  },
  {
    id: 'ROLE_BOUNDARY',
    types: ['aws_iam_role'],
    must: 'have a permissions boundary, if a service assumes it',
    why: 'the deploy role may make no other roles (docs/decisions/access.md); the bootstrap makes the role that copies states',
    holds: (block) =>
      block['permissions_boundary'] !== undefined ||
      !String(block['assume_role_policy']).includes('"Service"') ||
      String(block['name']).endsWith('-state-replication'),
    of: ({ name }) => !String(name).endsWith('-state-replication') && !String(name).startsWith('platform-'),
    breaks: [unset('permissions_boundary')],
  },
  {
    id: 'NO_ADMIN_POLICY',
    types: ['aws_iam_role_policy_attachment'],
    must: 'not attach a managed policy for administrators',
    why: 'IAM best practices, "Apply least-privilege permissions"',
    holds: ({ policy_arn }) =>
      !/policy\/(job-function\/|AdministratorAccess|PowerUserAccess|.*FullAccess)/.test(String(policy_arn)),
    breaks: [set({ policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' })],
  },
  {
    id: 'NOT_FOR_EVERYBODY',
    types: ['*'],
    must: 'allow nothing to everybody',
    why: 'S3.2, SQS.3, KMS.5',
    holds: (block, { type }) =>
      !statementsOf(block).some(
        (each) => each.Effect === 'Allow' && isForEverybody(each) && !onlyRestricts(type, block, each),
      ),
    breaks: [
      { type: 'aws_sqs_queue_policy', change: allow({ Principal: '*' }) },
      { type: 'aws_kms_key', change: allow({ Principal: { AWS: ['arn:aws:iam::111111111111:root', '*'] } }) },
      {
        type: 'aws_s3_bucket_policy',
        change: allow({ NotPrincipal: { AWS: 'arn:aws:iam::111111111111:root' } }),
      },
      {
        type: 'aws_vpc_endpoint',
        change: allow({ Principal: '*', Condition: { StringEquals: { 'aws:ResourceAccount': '111111111111' } } }),
      },
    ],
  },
  {
    id: 'NOT_EVERYTHING',
    types: ['*'],
    must: 'not allow all actions on all resources',
    why: 'IAM.1',
    holds: (block, { type }) =>
      !statementsOf(block).some(
        (each) => each.Effect === 'Allow' && isForEverything(each) && !onlyRestricts(type, block, each),
      ),
    breaks: [
      { type: 'aws_iam_role_policy', change: allow({ Action: '*' }) },
      { type: 'aws_iam_role_policy', change: allow({ Action: ['a', '*'] }) },
      { type: 'aws_iam_role_policy', change: allow({ Action: undefined, NotAction: 'iam:*' }) },
    ],
  },

  // Secrets
  {
    id: 'STACK_SECRETS',
    types: ['aws_cloudformation_stack'],
    must: 'take secrets from Secrets Manager',
    why: 'a template is stored in plain text (CloudFormation guide, "Dynamic references")',
    holds: ({ template_body }) =>
      [...String(template_body).matchAll(/"(?:AuthKey|Password|Secret\w*)":"([^"]*)"/g)].every(([, value]) =>
        value!.startsWith('{{resolve:secretsmanager:'),
      ),
    breaks: [
      (block) => {
        block['template_body'] = String(block['template_body']).replace(/\{\{resolve:[^}]*\}\}/, 'hunter2');
      },
    ],
  },
  {
    id: 'SECRET_NOT_IN_STATE',
    types: ['aws_secretsmanager_secret_version'],
    must: 'have no value in the state',
    why: 'Terraform stores arguments in the state; write-only arguments are not stored',
    holds: ({ secret_string, secret_binary }) => secret_string === undefined && secret_binary === undefined,
    breaks: [set({ secret_string: 'hunter2' })],
  },
  {
    id: 'VPN_KEY_NOT_IN_STATE',
    types: ['aws_vpn_connection'],
    must: 'have no pre-shared keys in the state',
    why: 'Secrets Manager stores them (Site-to-Site VPN user guide, "Enhanced security features")',
    holds: (block) =>
      block['preshared_key_storage'] === 'SecretsManager' &&
      block['tunnel1_preshared_key'] === undefined &&
      block['tunnel2_preshared_key'] === undefined,
    breaks: [set({ tunnel1_preshared_key: 'hunter2' })],
  },

  // Logs
  {
    id: 'LOGS',
    types: Object.keys(logs),
    must: 'log traffic, requests or queries',
    why: 'CloudFront.5, EC2.6, Route53.2, WAF.11',
    // Queries of a private zone are in the query log of its VPCs.
    holds: (block, { those, type }) =>
      (type === 'aws_route53_zone' && block['vpc'] !== undefined) || those(...logs[type]!).length > 0,
    breaks: [keyed(logs, ([type]) => removed(type))],
  },
  {
    id: 'LOAD_BALANCER_LOGS',
    types: ['aws_lb'],
    must: 'log requests, unless it is a Gateway Load Balancer',
    why: 'ELB.5; a Gateway Load Balancer has no access logs',
    holds: (block) => block['load_balancer_type'] === 'gateway' || on(at(block, 'access_logs.enabled')),
    of: ({ load_balancer_type }) => load_balancer_type === 'network',
    breaks: [unset('access_logs')],
  },
  {
    id: 'ACCELERATOR_LOGS',
    types: ['aws_globalaccelerator_accelerator'],
    must: 'have flow logs',
    why: 'Global Accelerator developer guide, "Flow logs"',
    holds: (block) => on(at(block, 'attributes.flow_logs_enabled')),
    breaks: [unset('attributes')],
  },
  {
    id: 'FLOW_LOG_ALL',
    types: ['aws_flow_log'],
    must: 'log accepted and rejected traffic',
    why: 'EC2.6; flow logs of a Transit Gateway have no filter',
    holds: ({ traffic_type, transit_gateway_id }) => traffic_type === 'ALL' || transit_gateway_id !== undefined,
    of: ({ vpc_id }) => vpc_id !== undefined,
    breaks: [set({ traffic_type: 'REJECT' })],
  },
  {
    id: 'DATABASE_LOGS',
    types: ['aws_db_instance', 'aws_rds_cluster'],
    must: 'send its logs to CloudWatch Logs',
    why: 'RDS.9, RDS.37',
    holds: ({ enabled_cloudwatch_logs_exports: exports }) => list(exports).length > 0,
    breaks: [unset('enabled_cloudwatch_logs_exports'), set({ enabled_cloudwatch_logs_exports: [] })],
  },
  {
    id: 'BUCKET_LOGS',
    types: ['aws_s3_bucket'],
    must: 'log accesses, hold access logs, or waive CKV_AWS_18',
    why: 'S3.9',
    holds: (_, { those, waived }) =>
      those('aws_s3_bucket_logging', 'bucket').length > 0 ||
      those('aws_s3_bucket_logging', 'target_bucket').length > 0 ||
      waived('CKV_AWS_18'),
    of: ({ bucket }) => String(bucket).includes('documents'),
    breaks: [removed('aws_s3_bucket_logging')],
  },
  {
    id: 'LOG_RETENTION',
    types: ['aws_cloudwatch_log_group'],
    must: 'have a retention period',
    why: 'CloudWatch.16; without one, events stay forever',
    holds: ({ retention_in_days }) => Number(retention_in_days) > 0,
    breaks: [unset('retention_in_days')],
  },

  // Recovery
  {
    id: 'POINT_IN_TIME',
    types: ['aws_dynamodb_table', 'aws_dynamodb_table_replica'],
    must: 'have point-in-time recovery',
    why: 'DynamoDB.2; a replica has its own (provider documentation)',
    holds: ({ point_in_time_recovery: recovery }) => on(recovery?.enabled ?? recovery),
    breaks: [unset('point_in_time_recovery'), set({ point_in_time_recovery: { enabled: false } })],
  },
  {
    id: 'BUCKET_VERSIONS',
    types: ['aws_s3_bucket'],
    must: 'keep versions',
    why: 'S3.14; replication needs them',
    holds: (_, { those }) =>
      those('aws_s3_bucket_versioning', 'bucket').some(
        (each) => at(each, 'versioning_configuration.status') === 'Enabled',
      ),
    breaks: [removed('aws_s3_bucket_versioning')],
  },

  {
    id: 'BACKUP_COPIES',
    types: ['aws_backup_plan'],
    must: 'copy each backup to another vault, and delete it after a time',
    why: 'a region can be lost with its backups; Backup.1 asks for encryption, which the vault has',
    holds: ({ rule }) =>
      list(rule).length > 0 &&
      list(rule).every(
        ({ target_vault_name: own, copy_action: copies, lifecycle }) =>
          Number(lifecycle?.delete_after) > 0 &&
          list(copies).some(({ destination_vault_arn: other }) => !sameResource(own, other)),
      ),
    breaks: [
      ({ rule }) => delete rule[0].copy_action,
      ({ rule }) => delete rule[0].lifecycle,
      ({ rule }) =>
        (rule[0].copy_action[0].destination_vault_arn = String(rule[0].target_vault_name).replace('.name}', '.arn}')),
    ],
  },

  // Containers
  {
    id: 'IMAGES_SCANNED',
    types: ['aws_ecr_repository'],
    must: 'scan images when they are pushed, and keep tags as they are',
    why: 'ECR.1, ECR.2',
    holds: (block) =>
      on(at(block, 'image_scanning_configuration.scan_on_push')) && block['image_tag_mutability'] === 'IMMUTABLE',
    breaks: [off('image_scanning_configuration.scan_on_push'), set({ image_tag_mutability: 'MUTABLE' })],
  },
  {
    id: 'TASKS_CONFINED',
    types: ['aws_ecs_task_definition'],
    must: 'run images by digest, with a read-only root, a log, and no secret among the variables',
    why: 'ECS.4, ECS.5, ECS.8, ECS.9',
    holds: ({ container_definitions: text }) =>
      typeof text === 'string' &&
      list(JSON.parse(text)).every(
        ({ image, readonlyRootFilesystem, privileged, logConfiguration }) =>
          /@sha256:[0-9a-f]{64}$/.test(String(image)) &&
          on(readonlyRootFilesystem) &&
          !on(privileged) &&
          logConfiguration !== undefined,
      ),
    breaks: [
      (block) =>
        (block['container_definitions'] = String(block['container_definitions']).replace(
          '"readonlyRootFilesystem":true',
          '"readonlyRootFilesystem":false',
        )),
      (block) =>
        (block['container_definitions'] = String(block['container_definitions']).replace(
          /@sha256:[0-9a-f]+/,
          ':latest',
        )),
    ],
  },
  {
    id: 'TASKS_PRIVATE',
    types: ['aws_ecs_service'],
    must: 'have no public addresses',
    why: 'ECS.2',
    holds: (block) => !on(at(block, 'network_configuration.assign_public_ip')),
    breaks: [(block) => ((block['network_configuration'] as Record<string, unknown>)['assign_public_ip'] = true)],
  },
  {
    id: 'CONTAINER_INSIGHTS',
    types: ['aws_ecs_cluster'],
    must: 'publish the metrics of its services',
    why: 'ECS.12; the alarms on tasks need them',
    holds: ({ setting }) =>
      list(setting).some(({ name, value }) => name === 'containerInsights' && value !== 'disabled'),
    breaks: [unset('setting')],
  },
];

/** Resource types that hold and carry no data of their own, by the reason. Any other type needs a row above. */
const exempt: Readonly<Record<string, readonly string[]>> = {
  'certificates are public; listeners and distributions have the checks': [
    'aws_acm_certificate',
    'aws_acm_certificate_validation',
  ],
  'configures other resources': [
    'aws_appautoscaling_policy',
    'aws_appautoscaling_target',
    'aws_autoscaling_policy',
    'aws_cloudfront_cache_policy',
    'aws_cloudfront_monitoring_subscription',
    'aws_cloudfront_origin_request_policy',
    'aws_cloudwatch_composite_alarm',
    'aws_cloudwatch_dashboard',
    'aws_cloudwatch_metric_alarm',
    'aws_db_parameter_group',
    'aws_ec2_subnet_cidr_reservation',
    'aws_ecr_lifecycle_policy',
    'aws_ecr_replication_configuration',
    'aws_elasticache_parameter_group',
    'aws_lambda_function_event_invoke_config',
    'aws_rds_cluster_parameter_group',
    'aws_s3_bucket_lifecycle_configuration',
    'aws_vpc_dhcp_options',
  ],
  'part of the resource that has the check': [
    'aws_config_configuration_recorder',
    'aws_config_delivery_channel',
    'aws_backup_vault_lock_configuration',
    'aws_cloudwatch_log_delivery',
    'aws_cloudwatch_log_delivery_destination',
    'aws_cloudwatch_log_delivery_source',
    'aws_route53_query_log',
    'aws_route53_resolver_query_log_config',
    'aws_route53_resolver_query_log_config_association',
    'aws_s3_bucket_logging',
    'aws_s3_bucket_ownership_controls',
    'aws_s3_bucket_public_access_block',
    'aws_s3_bucket_server_side_encryption_configuration',
    'aws_s3_bucket_versioning',
    'aws_s3_object',
    'aws_synthetics_canary',
    'aws_wafv2_web_acl_logging_configuration',
  ],
  'has a policy, which the rows for all types check': [
    'aws_cloudwatch_event_bus_policy',
    'aws_cloudwatch_log_resource_policy',
    'aws_iam_policy',
    'aws_iam_role_policy',
    'aws_s3_bucket_policy',
    'aws_sns_topic_policy',
    'aws_sqs_queue_policy',
    'aws_sqs_queue_redrive_allow_policy',
  ],
  'connects other resources': [
    'aws_backup_selection',
    'aws_cloudwatch_event_rule',
    'aws_cloudwatch_event_target',
    'aws_db_subnet_group',
    'aws_dx_gateway_association',
    'aws_ec2_transit_gateway_peering_attachment',
    'aws_ec2_transit_gateway_peering_attachment_accepter',
    'aws_ec2_transit_gateway_route_table_association',
    'aws_ec2_transit_gateway_route_table_propagation',
    'aws_ec2_transit_gateway_vpc_attachment',
    'aws_elasticache_subnet_group',
    'aws_elasticache_user_group',
    'aws_globalaccelerator_cross_account_attachment',
    'aws_iam_instance_profile',
    'aws_kms_alias',
    'aws_lambda_permission',
    'aws_ram_principal_association',
    'aws_ram_resource_association',
    'aws_sns_topic_subscription',
    'aws_iam_openid_connect_provider',
    'aws_route53_resolver_firewall_rule_group_association',
    'aws_route53_resolver_rule_association',
    'aws_route_table_association',
    'aws_vpc_dhcp_options_association',
    'aws_wafv2_regex_pattern_set',
    'aws_wafv2_web_acl_association',
  ],
  'checked by `npx platform routes`': [
    'aws_ec2_managed_prefix_list',
    'aws_network_acl',
    'aws_security_group',
    'aws_vpc_security_group_egress_rule',
    'aws_vpc_security_group_ingress_rule',
  ],
  'passes packets on; the VPC or the Transit Gateway logs them': [
    'aws_customer_gateway',
    'aws_dx_gateway',
    'aws_ec2_transit_gateway_route',
    'aws_ec2_transit_gateway_route_table',
    'aws_eip',
    'aws_globalaccelerator_endpoint_group',
    'aws_globalaccelerator_listener',
    'aws_internet_gateway',
    'aws_lb_listener_rule',
    'aws_nat_gateway',
    'aws_route',
    'aws_route_table',
  ],
  'not encrypted without MACsec: use TLS, or a VPN over the connection': ['aws_dx_connection'],
  'plain DNS with on-premises servers, inside the connection or VPN': ['aws_route53_resolver_endpoint'],
  'names are public, and the zone has the checks': [
    'aws_route53_hosted_zone_dnssec',
    'aws_route53_key_signing_key',
    'aws_route53_record',
    'aws_vpc_endpoint_service_private_dns_verification',
  ],
  'domain names, not data': [
    'aws_route53_resolver_firewall_config',
    'aws_route53_resolver_firewall_domain_list',
    'aws_route53_resolver_firewall_rule',
    'aws_route53_resolver_firewall_rule_group',
    'aws_route53_resolver_rule',
  ],
  'identifiers only': ['terraform_data'],
  'tells of costs': ['aws_budgets_budget', 'aws_ce_anomaly_monitor', 'aws_ce_anomaly_subscription'],
  'a safeguard of a whole account': [
    'aws_backup_region_settings',
    'aws_config_aggregate_authorization',
    'aws_config_config_rule',
    'aws_config_configuration_aggregator',
    'aws_config_configuration_recorder_status',
    'aws_ebs_encryption_by_default',
    'aws_ec2_instance_metadata_defaults',
    'aws_s3_account_public_access_block',
    'aws_vpc_block_public_access_exclusion',
    'aws_vpc_block_public_access_options',
  ],
  'a schema and SQL; the bucket of the logs has the checks': [
    'aws_athena_named_query',
    'aws_athena_workgroup',
    'aws_glue_catalog_database',
    'aws_glue_catalog_table',
  ],
  'runs code and keeps no data; its log group, role and queue have the checks': ['aws_lambda_function'],
  'a time and a dial, not data': ['aws_ssm_parameter'],
};

export const exemptTypes: ReadonlySet<string> = new Set(Object.values(exempt).flat());
