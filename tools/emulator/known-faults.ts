import type { EmulatorProfile } from './profile';

/**
 * `missing`: Terraform cannot make it there, or not take it away again. `unclean`: it can, and shows a difference in
 * every later plan that says nothing about the configuration.
 */
export interface KnownFault {
  /** Terraform's resource type. */
  readonly type: string;
  readonly fault: 'missing' | 'unclean';
  /** What one sees. */
  readonly symptom: string;
  /** The fault shows only in blocks whose JSON matches. Default: in all of the type. */
  readonly only?: { readonly where: string; readonly matches: RegExp };
}

const of = (fault: KnownFault['fault'], symptom: string, ...types: string[]): KnownFault[] =>
  types.map((type) => ({ type, fault, symptom }));

const only = (where: string, matches: RegExp, faults: readonly KnownFault[]): KnownFault[] =>
  faults.map((fault) => ({ ...fault, only: { where, matches } }));

/**
 * What the emulators are known to do wrong, with the AWS provider 5.100. moto 5.2.1, MiniStack 1.5.33. A type that is
 * not listed was either seen to work or never tried.
 */
export const knownFaults: Readonly<Record<EmulatorProfile, readonly KnownFault[]>> = {
  moto: [
    ...of(
      'missing',
      'Global Accelerator is not there',
      'aws_globalaccelerator_accelerator',
      'aws_globalaccelerator_listener',
      'aws_globalaccelerator_endpoint_group',
    ),
    ...of(
      'missing',
      'Direct Connect gateways and connections are not there',
      'aws_dx_gateway',
      'aws_dx_gateway_association',
      'aws_dx_connection',
      'aws_dx_transit_virtual_interface',
    ),
    ...of('missing', 'the permissions of a share cannot be listed', 'aws_ram_resource_share'),
    ...of('missing', 'a private zone takes one VPC only', 'aws_route53_zone_association'),
    ...of('missing', 'multi-region replicas of a key are not there', 'aws_kms_replica_key'),
    ...of(
      'missing',
      'the DNS firewall is not there',
      'aws_route53_resolver_firewall_rule_group',
      'aws_route53_resolver_firewall_rule',
      'aws_route53_resolver_firewall_domain_list',
      'aws_route53_resolver_firewall_rule_group_association',
      'aws_route53_resolver_firewall_config',
    ),
    ...of(
      'missing',
      'query logs of resolvers are not there',
      'aws_route53_resolver_query_log_config',
      'aws_route53_resolver_query_log_config_association',
    ),
    ...of(
      'missing',
      'policies and functions of distributions are not there',
      'aws_cloudfront_cache_policy',
      'aws_cloudfront_origin_request_policy',
      'aws_cloudfront_response_headers_policy',
      'aws_cloudfront_function',
      'aws_cloudfront_realtime_log_config',
    ),
    ...of(
      'missing',
      'replicas of a table are not there, and the provider waits for them',
      'aws_dynamodb_table_replica',
    ),
    ...of('missing', 'who may write logs into a bucket is judged without conditions', 'aws_s3_bucket_logging'),
    ...of('missing', 'replication groups are not there', 'aws_elasticache_replication_group'),
    ...of('missing', 'composite alarms are not there', 'aws_cloudwatch_composite_alarm'),
    ...of('missing', 'budgets are not there', 'aws_budgets_budget', 'aws_budgets_budget_action'),
    ...of(
      'missing',
      'Cost Explorer is not there',
      'aws_ce_anomaly_monitor',
      'aws_ce_anomaly_subscription',
      'aws_ce_cost_category',
    ),
    ...of('missing', 'canaries are not there', 'aws_synthetics_canary'),
    ...of('missing', 'FIS is not there', 'aws_fis_experiment_template'),
    ...of('missing', 'CloudTrail is not there', 'aws_cloudtrail'),
    ...of('missing', 'app autoscaling is not there', 'aws_appautoscaling_target', 'aws_appautoscaling_policy'),
    ...of('missing', 'who may send to a dead-letter queue cannot be read', 'aws_sqs_queue_redrive_allow_policy'),
    ...of('missing', 'its API is called while planning', 'aws_sfn_state_machine'),
    ...of(
      'missing',
      'static routes of a Transit Gateway read back wrong, and it cannot be destroyed',
      'aws_ec2_transit_gateway_route',
    ),
    ...of(
      'missing',
      'an attachment cannot be kept out of the default route tables',
      'aws_ec2_transit_gateway_vpc_attachment',
    ),
    ...of('missing', 'a propagation cannot be taken away', 'aws_ec2_transit_gateway_route_table_propagation'),
    ...only(
      'without a port, of gateway balancers',
      /^(?!.*"port":)/,
      of('missing', 'a listener must have a port, which AWS refuses for gateway balancers', 'aws_lb_listener'),
    ),
    ...only(
      'that keep a number of old versions',
      /"newer_noncurrent_versions":\d/,
      of(
        'missing',
        'how many old versions are kept is forgotten, and the provider waits for it',
        'aws_s3_bucket_lifecycle_configuration',
      ),
    ),
    ...only(
      'of buckets for states',
      /-terraform-state-/,
      of(
        'missing',
        'a Deny whose condition does not hold refuses writes all the same, those of states too',
        'aws_s3_bucket_policy',
      ),
    ),
    ...of(
      'missing',
      'a log group is known by no other ARN than one that ends with `:*`, which the provider takes off',
      'aws_route53_query_log',
    ),
    ...only(
      'with rules for ICMP',
      /"icmp_type":/,
      of('unclean', 'type and code of ICMP read back as 0', 'aws_network_acl'),
    ),
    ...only(
      'that name a group',
      /"referenced_security_group_id":/,
      of(
        'unclean',
        'descriptions are forgotten',
        'aws_vpc_security_group_ingress_rule',
        'aws_vpc_security_group_egress_rule',
      ),
    ),
    ...of('unclean', 'where the shared keys are kept reads back as if it were not said', 'aws_vpn_connection'),
    ...of('unclean', 'tags are forgotten', 'aws_vpc_dhcp_options'),
    ...of('unclean', 'protocols read back empty', 'aws_route53_resolver_endpoint'),
    ...of('unclean', 'engine arguments read back wrong', 'aws_rds_global_cluster', 'aws_rds_cluster'),
    ...of('unclean', 'two attributes read back wrong', 'aws_s3_bucket_replication_configuration'),
    ...of('unclean', 'several attributes read back wrong', 'aws_cloudfront_distribution'),
    ...of('unclean', 'several attributes read back wrong', 'aws_autoscaling_policy', 'aws_autoscaling_lifecycle_hook'),
    ...of('unclean', 'warmup, lifetime and maintenance policy are forgotten', 'aws_autoscaling_group'),
    ...of('unclean', 'the redrive policy comes back with other blanks', 'aws_sqs_queue'),
  ],
  ministack: [
    ...of(
      'missing',
      'Transit Gateways are not there',
      'aws_ec2_transit_gateway',
      'aws_ec2_transit_gateway_route_table',
      'aws_ec2_transit_gateway_vpc_attachment',
      'aws_ec2_transit_gateway_peering_attachment',
      'aws_ec2_transit_gateway_route',
    ),
    ...of(
      'missing',
      'Direct Connect is not there',
      'aws_dx_gateway',
      'aws_dx_gateway_association',
      'aws_dx_connection',
      'aws_dx_transit_virtual_interface',
    ),
    ...of('missing', 'RAM is not there', 'aws_ram_resource_share'),
    ...of('missing', 'query logs of zones are not there', 'aws_route53_query_log'),
    ...only(
      'that publish metrics',
      /"enabled_metrics":\[/,
      of('missing', 'metrics of groups cannot be switched on', 'aws_autoscaling_group'),
    ),
    ...of(
      'missing',
      'Resolver endpoints and rules are not there',
      'aws_route53_resolver_endpoint',
      'aws_route53_resolver_rule',
      'aws_route53_resolver_rule_association',
      'aws_route53_resolver_firewall_rule_group',
      'aws_route53_resolver_firewall_domain_list',
      'aws_route53_resolver_firewall_config',
      'aws_route53_resolver_query_log_config',
    ),
    ...of('missing', 'endpoint services are not there', 'aws_vpc_endpoint_service'),
    ...of('missing', 'associations with several subnets are misread', 'aws_network_acl'),
    ...of('missing', 'a second range of a VPC is not there', 'aws_vpc_ipv4_cidr_block_association'),
    ...of(
      'missing',
      'Global Accelerator is not there',
      'aws_globalaccelerator_accelerator',
      'aws_globalaccelerator_listener',
      'aws_globalaccelerator_endpoint_group',
    ),
    ...of('missing', 'FIS is not there', 'aws_fis_experiment_template'),
    ...of('missing', 'Cost Explorer is not there', 'aws_ce_anomaly_monitor', 'aws_ce_anomaly_subscription'),
    ...of('missing', 'query definitions are not there', 'aws_cloudwatch_query_definition'),
    ...of('missing', 'Shield is not there', 'aws_shield_protection', 'aws_shield_subscription'),
    ...of('missing', 'logging of firewalls is not there', 'aws_wafv2_web_acl_logging_configuration'),
    ...of('missing', 'a recorder cannot be deleted', 'aws_config_configuration_recorder'),
    ...of('missing', 'two target tracking policies end under one name', 'aws_autoscaling_policy'),
    ...of(
      'missing',
      "replicas have no key there, nor is there AWS's own, which stands for none",
      'aws_dynamodb_table_replica',
    ),
    ...of('unclean', "a replica's key and ARN read back wrong", 'aws_dynamodb_table'),
    ...of('unclean', 'regions and children read back wrong', 'aws_route53_health_check'),
    ...of('unclean', 'read back wrong', 'aws_cloudwatch_metric_alarm', 'aws_cloudwatch_composite_alarm'),
    ...of('unclean', 'read back wrong', 'aws_cloudfront_response_headers_policy'),
    ...of('unclean', 'the preference for transparency logs reads back empty', 'aws_acm_certificate'),
    ...only(
      'with copies in other regions',
      /"replica":/,
      of('unclean', 'the copies read back as none', 'aws_secretsmanager_secret'),
    ),
    ...of('unclean', 'exported logs read back empty', 'aws_rds_cluster'),
    ...of('unclean', 'the key of the insights reads back empty', 'aws_rds_cluster_instance', 'aws_db_instance'),
    ...of('unclean', 'the key reads back empty, which shows as a replacement', 'aws_elasticache_replication_group'),
    ...of('unclean', 'sign-in by IAM reads back as none', 'aws_elasticache_user'),
    ...of('unclean', 'defaults read back as if they were set', 'aws_elasticache_parameter_group'),
  ],
};
