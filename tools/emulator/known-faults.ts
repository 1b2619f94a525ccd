import type { EmulatorProfile } from './profile';

interface FaultOfType {
  /** Terraform's resource type. */
  readonly type: string;
  /** What one sees. */
  readonly symptom: string;
  /** The fault shows only in blocks whose JSON matches. Default: in all of the type. */
  readonly only?: { readonly where: string; readonly matches: RegExp };
}

/** Terraform cannot make it there, or not take it away again. */
export interface MissingFault extends FaultOfType {
  readonly fault: 'missing';
}

/** Terraform can make it, and shows a difference in every later plan that says nothing about the configuration. */
export interface UncleanFault extends FaultOfType {
  readonly fault: 'unclean';
  /**
   * Names of the arguments that differ: these and no others, all of them in one resource of the type or another. Empty
   * where none of the tried stacks has one, and what differs was never looked at: nothing is excused then.
   */
  readonly arguments: readonly string[];
  /** The difference shows as a replacement. Default: as an update in place. */
  readonly replaces?: true;
}

export type KnownFault = MissingFault | UncleanFault;

const missing = (symptom: string, ...types: string[]): MissingFault[] =>
  types.map((type) => ({ type, fault: 'missing', symptom }));

const unclean = (symptom: string, type: string, ...differing: string[]): UncleanFault[] => [
  { type, fault: 'unclean', symptom, arguments: differing },
];

const replacing = (faults: readonly UncleanFault[]): UncleanFault[] =>
  faults.map((fault) => ({ ...fault, replaces: true }));

const only = <F extends KnownFault>(where: string, matches: RegExp, faults: readonly F[]): F[] =>
  faults.map((fault) => ({ ...fault, only: { where, matches } }));

/** The roles of all accounts have the same names, and an emulator puts all accounts into one. */
const otherAccounts = only(
  'in another account than that of the states',
  /"provider":"aws\.(network|workload|edge)"/,
  missing(
    'every account is the same one there',
    'aws_iam_policy',
    'aws_iam_role',
    'aws_iam_role_policy_attachment',
    'aws_iam_openid_connect_provider',
  ),
);

/**
 * What the emulators are known to do wrong, with the AWS provider 5.100. moto 5.2.1, MiniStack 1.5.33. A type that is
 * not listed was either seen to work or never tried.
 */
export const knownFaults: Readonly<Record<EmulatorProfile, readonly KnownFault[]>> = {
  moto: [
    ...otherAccounts,
    ...missing(
      'Global Accelerator is not there',
      'aws_globalaccelerator_accelerator',
      'aws_globalaccelerator_listener',
      'aws_globalaccelerator_endpoint_group',
    ),
    ...missing(
      'Direct Connect gateways and connections are not there',
      'aws_dx_gateway',
      'aws_dx_gateway_association',
      'aws_dx_connection',
    ),
    ...missing('the permissions of a share cannot be listed', 'aws_ram_resource_share'),
    ...missing(
      'the DNS firewall is not there',
      'aws_route53_resolver_firewall_rule_group',
      'aws_route53_resolver_firewall_rule',
      'aws_route53_resolver_firewall_domain_list',
      'aws_route53_resolver_firewall_rule_group_association',
      'aws_route53_resolver_firewall_config',
    ),
    ...missing(
      'query logs of resolvers are not there',
      'aws_route53_resolver_query_log_config',
      'aws_route53_resolver_query_log_config_association',
    ),
    ...missing(
      'policies and functions of distributions are not there',
      'aws_cloudfront_cache_policy',
      'aws_cloudfront_origin_request_policy',
      'aws_cloudfront_response_headers_policy',
    ),
    ...missing('composite alarms are not there', 'aws_cloudwatch_composite_alarm'),
    ...missing(
      'what a backup plan selects, and the opt-ins of a region, are not there',
      'aws_backup_region_settings',
      'aws_backup_selection',
    ),
    ...missing('additional metrics are not there', 'aws_cloudfront_monitoring_subscription'),
    ...missing('canaries are not there', 'aws_synthetics_canary'),
    ...missing('replicas of a table are not there, and the provider waits for them', 'aws_dynamodb_table_replica'),
    ...missing('who may write logs into a bucket is judged without conditions', 'aws_s3_bucket_logging'),
    ...missing('replication groups are not there', 'aws_elasticache_replication_group'),
    ...missing('app autoscaling is not there', 'aws_appautoscaling_target', 'aws_appautoscaling_policy'),
    ...missing('who may send to a dead-letter queue cannot be read', 'aws_sqs_queue_redrive_allow_policy'),
    ...missing(
      'static routes of a Transit Gateway read back wrong, and it cannot be destroyed',
      'aws_ec2_transit_gateway_route',
    ),
    ...missing(
      'an attachment cannot be kept out of the default route tables',
      'aws_ec2_transit_gateway_vpc_attachment',
    ),
    ...missing('a propagation cannot be taken away', 'aws_ec2_transit_gateway_route_table_propagation'),
    ...missing(
      'an attachment is unknown in the account of its peer, which is another one than that of the emulator',
      'aws_ec2_transit_gateway_peering_attachment_accepter',
    ),
    ...only(
      'without a port, of gateway balancers',
      /^(?!.*"port":)/,
      missing('a listener must have a port, which AWS refuses for gateway balancers', 'aws_lb_listener'),
    ),
    ...only(
      'that keep a number of old versions',
      /"newer_noncurrent_versions":\d/,
      missing(
        'how many old versions are kept is forgotten, and the provider waits for it',
        'aws_s3_bucket_lifecycle_configuration',
      ),
    ),
    ...only(
      'of buckets for states',
      /-terraform-state-/,
      missing(
        'a Deny whose condition does not hold refuses writes all the same, those of states too',
        'aws_s3_bucket_policy',
      ),
    ),
    ...missing(
      'a log group is known by no other ARN than one that ends with `:*`, which the provider takes off',
      'aws_route53_query_log',
    ),
    ...only(
      'with rules for ICMP',
      /"icmp_type":/,
      unclean('type and code of ICMP read back as 0', 'aws_network_acl', 'ingress'),
    ),
    ...only('that name a group or a list', /"(referenced_security_group_id|prefix_list_id)":/, [
      ...unclean('descriptions are forgotten', 'aws_vpc_security_group_ingress_rule', 'description'),
      ...unclean('descriptions are forgotten', 'aws_vpc_security_group_egress_rule', 'description'),
    ]),
    ...unclean(
      'where the shared keys are kept reads back as if it were not said',
      'aws_vpn_connection',
      'preshared_key_storage',
    ),
    ...only(
      'that let clients of private links in',
      /"enforce_security_group_inbound_rules_on_private_link_traffic":/,
      unclean(
        'what is said of traffic over private links is forgotten',
        'aws_lb',
        'enforce_security_group_inbound_rules_on_private_link_traffic',
      ),
    ),
    ...only(
      'that write Parquet',
      /"file_format":"parquet"/,
      replacing(unclean('the format of the files is forgotten', 'aws_flow_log', 'destination_options')),
    ),
    ...unclean('tags are forgotten', 'aws_vpc_dhcp_options', 'tags', 'tags_all'),
    ...unclean('protocols read back empty', 'aws_route53_resolver_endpoint', 'protocols'),
    ...unclean(
      'engine arguments read back wrong; the member of another region stays when it is gone, and a destroy waits for that',
      'aws_rds_global_cluster',
    ),
    ...unclean('engine arguments read back wrong', 'aws_rds_cluster'),
    // The answer to DescribeDBParameters has no `Source`, by which the provider tells what a user has set.
    ...unclean('parameters read back as none', 'aws_db_parameter_group', 'parameter'),
    ...unclean('two attributes read back wrong', 'aws_s3_bucket_replication_configuration'),
    ...unclean('several attributes read back wrong', 'aws_cloudfront_distribution'),
    ...unclean(
      'several attributes read back wrong',
      'aws_autoscaling_policy',
      'enabled',
      'predictive_scaling_configuration',
    ),
    ...unclean(
      'warmup, lifetime, maintenance policy and reservations are forgotten',
      'aws_autoscaling_group',
      'capacity_reservation_specification',
      'default_instance_warmup',
      'instance_maintenance_policy',
      'max_instance_lifetime',
    ),
    ...unclean('the redrive policy comes back with other blanks', 'aws_sqs_queue', 'redrive_policy'),
  ],
  ministack: [
    ...otherAccounts,
    ...missing(
      'Transit Gateways are not there',
      'aws_ec2_transit_gateway',
      'aws_ec2_transit_gateway_route_table',
      'aws_ec2_transit_gateway_vpc_attachment',
      'aws_ec2_transit_gateway_peering_attachment',
      'aws_ec2_transit_gateway_route',
    ),
    ...missing('Direct Connect is not there', 'aws_dx_gateway', 'aws_dx_gateway_association', 'aws_dx_connection'),
    ...missing('RAM is not there', 'aws_ram_resource_share'),
    ...missing('canaries are not there', 'aws_synthetics_canary'),
    ...missing(
      'the opt-ins of a region can be read and not written, and vaults have no lock',
      'aws_backup_region_settings',
      'aws_backup_vault_lock_configuration',
    ),
    ...missing('query logs of zones are not there', 'aws_route53_query_log'),
    ...only(
      'that publish metrics',
      /"enabled_metrics":\[/,
      missing('metrics of groups cannot be switched on', 'aws_autoscaling_group'),
    ),
    ...missing(
      'Resolver endpoints and rules are not there',
      'aws_route53_resolver_endpoint',
      'aws_route53_resolver_rule',
      'aws_route53_resolver_rule_association',
      'aws_route53_resolver_firewall_rule_group',
      'aws_route53_resolver_firewall_domain_list',
      'aws_route53_resolver_firewall_config',
      'aws_route53_resolver_query_log_config',
    ),
    ...missing('endpoint services are not there', 'aws_vpc_endpoint_service'),
    ...missing('associations with several subnets are misread', 'aws_network_acl'),
    ...missing(
      'Global Accelerator is not there',
      'aws_globalaccelerator_accelerator',
      'aws_globalaccelerator_listener',
      'aws_globalaccelerator_endpoint_group',
    ),
    ...missing('logging of firewalls is not there', 'aws_wafv2_web_acl_logging_configuration'),
    ...missing('two target tracking policies end under one name', 'aws_autoscaling_policy'),
    ...missing(
      "replicas have no key there, nor is there AWS's own, which stands for none",
      'aws_dynamodb_table_replica',
    ),
    ...unclean('regions and children read back wrong', 'aws_route53_health_check'),
    ...unclean(
      'all but the metric and the threshold read back empty',
      'aws_cloudwatch_metric_alarm',
      'actions_enabled',
      'alarm_actions',
      'alarm_description',
      'dimensions',
      'ok_actions',
      'period',
      'statistic',
      'treat_missing_data',
    ),
    ...unclean('read back wrong', 'aws_cloudfront_response_headers_policy', 'custom_headers_config'),
    ...unclean('the preference for transparency logs reads back empty', 'aws_acm_certificate', 'options'),
    ...only(
      'with copies in other regions',
      /"replica":/,
      unclean('the copies read back as none', 'aws_secretsmanager_secret', 'replica'),
    ),
    ...unclean('exported logs read back empty', 'aws_rds_cluster', 'enabled_cloudwatch_logs_exports'),
    ...unclean(
      'the key of the insights reads back empty',
      'aws_rds_cluster_instance',
      'performance_insights_kms_key_id',
    ),
    ...unclean('the key of the insights reads back empty', 'aws_db_instance'),
    ...replacing(
      unclean(
        'the key reads back empty, which shows as a replacement',
        'aws_elasticache_replication_group',
        'auth_token',
        'auto_minor_version_upgrade',
        'kms_key_id',
      ),
    ),
    ...unclean('sign-in by IAM reads back as none', 'aws_elasticache_user', 'authentication_mode'),
    ...unclean('defaults read back as if they were set', 'aws_elasticache_parameter_group', 'parameter'),
  ],
};
