import type { Block } from '@platform/libs/testing/synthesised-stack';
import { at, type TypeRules, type TypeTable } from './judge-types';
import { typesWithoutRules } from './types-without-rules';
import {
  isForEverybody,
  isForEverything,
  refusesPlainHttp,
  statementsOf,
  type PolicyStatement,
} from './policy-statements';

/**
 * TLS policies of balancers without TLS 1.1 and older, and without ciphers that lack forward secrecy (Application Load
 * Balancer guide, "Security policies").
 */
const currentTlsPolicies = [
  'ELBSecurityPolicy-TLS13-1-2-2021-06',
  'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
  'ELBSecurityPolicy-TLS13-1-3-2021-06',
];

/** Least versions that a distribution may ask of its readers (CloudFront guide, "Supported protocols and ciphers"). */
const currentViewerProtocols = ['TLSv1.2_2021', 'TLSv1.2_2025', 'TLSv1.3_2025'];

const on = (value: unknown) => value === true || value === 'true';
const isAKey = (value: unknown) => typeof value === 'string' && /^(\$\{.*\}|arn:.*:kms:.*)$/.test(value);
const list = (value: unknown) => (Array.isArray(value) ? (value as Block[]) : value ? [value as Block] : []);

const insideOnly: TypeRules = {
  'have no public address': ({ publicly_accessible }) => publicly_accessible === false,
};
const insights: TypeRules = {
  'encrypt what it measures of statements': (block) =>
    !on(block['performance_insights_enabled']) || isAKey(block['performance_insights_kms_key_id']),
  'have a certificate that is current': ({ ca_cert_identifier }) => /-g[1-9]$/.test(String(ca_cert_identifier)),
};
const databaseStorage: TypeRules = {
  'encrypt its storage by a key': ({ storage_encrypted, kms_key_id }) => on(storage_encrypted) && isAKey(kms_key_id),
  'send its log away': ({ enabled_cloudwatch_logs_exports: exports }) => list(exports).length > 0,
};
const refusesPlainConnections = (group: Block | undefined) =>
  list(group?.['parameter']).some(({ name, value }) => name === 'rds.force_ssl' && value === '1');

/** What must hold of the resources of each type that can hold or carry data. */
const rules: Readonly<Record<string, TypeRules>> = {
  aws_autoscaling_group: {
    'start machines from a template, whose rules are here': ({ launch_template, launch_configuration }) =>
      launch_template !== undefined && launch_configuration === undefined,
  },
  aws_cloudformation_stack: {
    'take secrets from Secrets Manager': ({ template_body }) =>
      [...String(template_body).matchAll(/"(?:AuthKey|Password|Secret\w*)":"([^"]*)"/g)].every(([, value]) =>
        value!.startsWith('{{resolve:secretsmanager:'),
      ),
  },
  aws_cloudfront_distribution: {
    'ask readers for current TLS': (block) =>
      currentViewerProtocols.includes(String(at(block, 'viewer_certificate.minimum_protocol_version'))),
    'serve over TLS only': (block) =>
      [...list(block['default_cache_behavior']), ...list(block['ordered_cache_behavior'])].every(
        ({ viewer_protocol_policy }) => ['redirect-to-https', 'https-only'].includes(String(viewer_protocol_policy)),
      ),
    'speak TLS 1.2 with balancers and signed requests with buckets': ({ origin }) =>
      list(origin).every(({ custom_origin_config: custom, origin_access_control_id }) =>
        custom
          ? custom.origin_protocol_policy === 'https-only' && String(custom.origin_ssl_protocols) === 'TLSv1.2'
          : origin_access_control_id !== undefined,
      ),
    'stand behind a firewall': ({ web_acl_id }) => web_acl_id !== undefined,
    'log its requests': (_, { those }) => those('aws_cloudwatch_log_delivery_source', 'resource_arn').length > 0,
  },
  aws_cloudfront_origin_access_control: {
    'sign every request': ({ signing_behavior }) => signing_behavior === 'always',
  },
  aws_cloudfront_response_headers_policy: {
    'tell browsers to stay with TLS': (block) =>
      Number(at(block, 'security_headers_config.strict_transport_security.access_control_max_age_sec')) >= 31_536_000,
  },
  aws_cloudwatch_event_archive: {
    'keep events of a bus that is encrypted': (_, { referred }) =>
      isAKey(referred('aws_cloudwatch_event_bus', 'event_source_arn')?.['kms_key_identifier']),
  },
  aws_cloudwatch_event_bus: { 'be encrypted by a key': ({ kms_key_identifier }) => isAKey(kms_key_identifier) },
  aws_cloudwatch_log_group: {
    'be encrypted by a key': ({ kms_key_id }) => isAKey(kms_key_id),
    'forget some day': ({ retention_in_days }) => Number(retention_in_days) > 0,
  },
  aws_db_instance: {
    ...insideOnly,
    ...insights,
    ...databaseStorage,
    'refuse plain connections': (_, { referred }) =>
      refusesPlainConnections(referred('aws_db_parameter_group', 'parameter_group_name')),
  },
  aws_default_security_group: {
    'let nothing in or out': ({ ingress, egress }) => list(ingress).length + list(egress).length === 0,
  },
  aws_dynamodb_table: {
    'be encrypted by a key': (block) =>
      on(at(block, 'server_side_encryption.enabled')) && isAKey(at(block, 'server_side_encryption.kms_key_arn')),
    'be restorable to a point in time': (block) => on(at(block, 'point_in_time_recovery.enabled')),
  },
  aws_dynamodb_table_replica: {
    'be encrypted by a key of its region': ({ kms_key_arn }) => isAKey(kms_key_arn),
    'be restorable to a point in time': ({ point_in_time_recovery }) => on(point_in_time_recovery),
  },
  aws_ec2_transit_gateway: {
    'log what flows': (_, { those }) => those('aws_flow_log', 'transit_gateway_id').length > 0,
    'accept nobody by itself': ({ auto_accept_shared_attachments }) => auto_accept_shared_attachments === 'disable',
  },
  aws_elasticache_replication_group: {
    'be encrypted by a key': ({ at_rest_encryption_enabled, kms_key_id }) =>
      on(at_rest_encryption_enabled) && isAKey(kms_key_id),
    'refuse plain connections': ({ transit_encryption_enabled, transit_encryption_mode }) =>
      on(transit_encryption_enabled) && transit_encryption_mode === 'required',
    'know its users': ({ user_group_ids }) => list(user_group_ids).length > 0,
  },
  aws_elasticache_user: {
    'sign in by IAM, or be switched off': (block) =>
      at(block, 'authentication_mode.type') === 'iam' || String(block['access_string']).startsWith('off '),
  },
  aws_flow_log: {
    'log what is refused and what is let through': ({ traffic_type, transit_gateway_id }) =>
      traffic_type === 'ALL' || transit_gateway_id !== undefined,
  },
  aws_globalaccelerator_accelerator: { 'log what flows': (block) => on(at(block, 'attributes.flow_logs_enabled')) },
  aws_iam_role_policy_attachment: {
    "not hand out one of AWS's policies for people": ({ policy_arn }) =>
      !/policy\/(job-function\/|AdministratorAccess|PowerUserAccess|IAMFullAccess|.*FullAccess)/.test(
        String(policy_arn),
      ),
  },
  aws_kms_key: {
    'be rotated': ({ enable_key_rotation, key_usage }) => on(enable_key_rotation) || key_usage === 'SIGN_VERIFY',
    'say who may use it': ({ policy }) => policy !== undefined,
  },
  aws_launch_template: {
    'ask for tokens of the metadata service (IMDSv2)': (block) =>
      at(block, 'metadata_options.http_tokens') === 'required',
    'encrypt its disks': ({ block_device_mappings: disks }) =>
      list(disks).length > 0 && list(disks).every(({ ebs }) => on(ebs?.encrypted)),
    'give no public address': ({ network_interfaces }) =>
      list(network_interfaces).every(({ associate_public_ip_address: address }) => !on(address)),
  },
  aws_lb: {
    'log its requests': (block) => block['load_balancer_type'] === 'gateway' || on(at(block, 'access_logs.enabled')),
    'drop headers that are none': ({ load_balancer_type, drop_invalid_header_fields }) =>
      load_balancer_type !== 'application' || on(drop_invalid_header_fields),
  },
  aws_lb_listener: {
    'speak TLS as it is current, or send clients there': ({ protocol, ssl_policy, default_action }) => {
      if (protocol === 'HTTP') {
        return list(default_action).every(({ type, redirect }) => type === 'redirect' && redirect.protocol === 'HTTPS');
      }
      if (protocol === 'HTTPS' || protocol === 'TLS') return currentTlsPolicies.includes(String(ssl_policy));
      // Packets as they come: what is in them is for the ends to encrypt.
      return protocol === undefined || protocol === 'TCP' || protocol === 'UDP';
    },
  },
  aws_lb_target_group: {
    'speak TLS to machines, or pass packets as they come': ({ protocol }) =>
      ['HTTPS', 'TLS', 'TCP', 'UDP', 'GENEVE'].includes(String(protocol)),
  },
  aws_ram_resource_share: {
    'stay in the organisation unless it says with whom': (block, { those }) =>
      block['allow_external_principals'] === false ||
      those('aws_ram_principal_association', 'resource_share_arn').every(({ principal }) => /\d{12}/.test(principal)),
  },
  aws_rds_cluster: {
    ...databaseStorage,
    'refuse plain connections': (_, { referred }) =>
      refusesPlainConnections(referred('aws_rds_cluster_parameter_group', 'db_cluster_parameter_group_name')),
  },
  aws_rds_cluster_instance: { ...insideOnly, ...insights },
  aws_rds_global_cluster: { 'encrypt its storage': ({ storage_encrypted }) => on(storage_encrypted) },
  aws_route53_health_check: { 'ask over TLS': ({ type }) => type === 'HTTPS' || type === 'CALCULATED' },
  aws_route53_zone: { 'log what is asked': (_, { those }) => those('aws_route53_query_log', 'zone_id').length > 0 },
  aws_s3_bucket: {
    'encrypt what it holds': (_, { those }) =>
      those('aws_s3_bucket_server_side_encryption_configuration', 'bucket').some((it) =>
        ['aws:kms', 'AES256'].includes(String(at(it, 'rule.0.apply_server_side_encryption_by_default.sse_algorithm'))),
      ),
    'be closed to the public': (_, { those }) =>
      those('aws_s3_bucket_public_access_block', 'bucket').some((it) =>
        ['block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets'].every(
          (argument) => on(it[argument]),
        ),
      ),
    'know no access lists': (block, { those }) =>
      block['acl'] === undefined &&
      those('aws_s3_bucket_ownership_controls', 'bucket').some(
        (it) => at(it, 'rule.object_ownership') === 'BucketOwnerEnforced',
      ),
    'refuse plain HTTP': (_, { those }) =>
      those('aws_s3_bucket_policy', 'bucket').some((it) => refusesPlainHttp(statementsOf(it), 's3:*')),
    'keep versions': (_, { those }) =>
      those('aws_s3_bucket_versioning', 'bucket').some((it) => at(it, 'versioning_configuration.status') === 'Enabled'),
    'log who reads it, hold logs, or say why not': (_, { those, waived }) =>
      those('aws_s3_bucket_logging', 'bucket').length > 0 ||
      those('aws_s3_bucket_logging', 'target_bucket').length > 0 ||
      waived('CKV_AWS_18'),
  },
  aws_s3_bucket_replication_configuration: {
    'encrypt copies by a key of their region': ({ rule }) =>
      list(rule).every((it) => isAKey(at(it, 'destination.encryption_configuration.replica_kms_key_id'))),
  },
  aws_secretsmanager_secret: {
    'be encrypted by a key, and each copy too': ({ kms_key_id, replica }) =>
      isAKey(kms_key_id) && list(replica).every((copy) => isAKey(copy['kms_key_id'])),
  },
  aws_secretsmanager_secret_version: {
    'keep its value out of the state': ({ secret_string, secret_binary }) =>
      secret_string === undefined && secret_binary === undefined,
  },
  aws_sns_topic: {
    'be encrypted by a key': ({ kms_master_key_id }) => isAKey(kms_master_key_id),
    'refuse plain HTTP': (_, { those }) =>
      those('aws_sns_topic_policy', 'arn').some((it) => refusesPlainHttp(statementsOf(it), 'sns:Publish')),
  },
  aws_sqs_queue: {
    'be encrypted by a key': ({ kms_master_key_id }) => isAKey(kms_master_key_id),
    'refuse plain HTTP': (_, { those }) =>
      those('aws_sqs_queue_policy', 'queue_url').some((it) => refusesPlainHttp(statementsOf(it), 'sqs:*')),
  },
  aws_subnet: {
    'give no public address': ({ map_public_ip_on_launch }) => map_public_ip_on_launch === false,
  },
  aws_vpc: { 'log what flows': (_, { those }) => those('aws_flow_log', 'vpc_id').length > 0 },
  aws_vpc_endpoint: {
    'let own accounts through only, where it leads to all that AWS has': ({
      vpc_endpoint_type,
      service_name,
      policy,
    }) =>
      vpc_endpoint_type !== 'Interface' ||
      !/^com\.amazonaws\.(?!vpce\.)/.test(String(service_name)) ||
      policy !== undefined,
  },
  aws_vpc_endpoint_service: {
    'be offered to named accounts, and accept each by itself': ({ acceptance_required, allowed_principals }) =>
      on(acceptance_required) &&
      list(allowed_principals).length > 0 &&
      list(allowed_principals).every((principal) => String(principal) !== '*'),
  },
  aws_vpn_connection: {
    'agree on IKEv2 and AES-256-GCM only': (block) =>
      ['tunnel1', 'tunnel2'].every(
        (tunnel) =>
          String(block[`${tunnel}_ike_versions`]) === 'ikev2' &&
          [1, 2].every((phase) => String(block[`${tunnel}_phase${phase}_encryption_algorithms`]) === 'AES256-GCM-16'),
      ),
    'keep its keys out of the state': (block) =>
      block['preshared_key_storage'] === 'SecretsManager' &&
      block['tunnel1_preshared_key'] === undefined &&
      block['tunnel2_preshared_key'] === undefined,
  },
  aws_wafv2_web_acl: {
    'log what it refuses': (_, { those }) =>
      those('aws_wafv2_web_acl_logging_configuration', 'resource_arn').length > 0,
  },
};

/**
 * A policy of an endpoint grants nothing by itself: it is a fence, and has no other word for "whoever is of these
 * accounts" than everybody under that condition.
 */
const isFence = (block: Block, { Condition }: PolicyStatement) =>
  block['vpc_endpoint_type'] !== undefined && list(Condition?.['StringEquals']?.['aws:PrincipalAccount']).length > 0;
const allows = (block: Block, unwanted: (statement: PolicyStatement) => boolean) =>
  statementsOf(block).some((it) => it.Effect === 'Allow' && unwanted(it) && !isFence(block, it));

/** What must hold of every policy, wherever it stands. */
const everywhere: TypeRules = {
  'allow nothing to everybody': (block) => !allows(block, isForEverybody),
  'allow nobody everything': (block) => !allows(block, isForEverything),
};

/** The table that the estate is held against. */
export const typeTable: TypeTable = { rules, everywhere, withoutRules: typesWithoutRules };
