/** Alarms that a resource must have. */
export interface Watch {
  /**
   * Each needs an alarm that names the resource: the metrics of the alarm with their statistics, sorted, such as
   * `Sum ErrorPortAllocation`. Metrics of an expression are joined by ` + `; `PR` is a percentile rank.
   */
  readonly alarms: readonly string[];
}

/** No alarm, and why. */
export interface Unwatched {
  readonly because: string;
}

/** One resource as in the synthesised JSON. */
type Resource = Readonly<Record<string, unknown>>;

type Rule = Watch | Unwatched | ((resource: Resource) => Watch | Unwatched);

const configuration: Unwatched = { because: 'carries no traffic and no data' };
const partOf = (whole: string): Unwatched => ({ because: `fails with ${whole}, which is watched` });
const policies: Unwatched = { because: 'decides who may do what; a change of it shows in drift and CloudTrail' };
const logs: Unwatched = {
  because: 'holds logs; who reads them notices, and AWS drops none of our traffic without them',
};

const balancers: Readonly<Record<string, Watch | Unwatched>> = {
  application: {
    alarms: [
      'Sum HTTPCode_ELB_5XX_Count + Sum HTTPCode_Target_5XX_Count + Sum RequestCount',
      'p95 TargetResponseTime',
      'Maximum UnHealthyHostCount',
      // The share of fast answers, for the objective.
      'Sum RequestCount + PR TargetResponseTime',
    ],
  },
  network: { alarms: ['Maximum UnHealthyHostCount', 'Sum PortAllocationErrorCount'] },
  gateway: { alarms: ['Minimum HealthyHostCount'] },
};

const endpoints: Readonly<Record<string, Watch | Unwatched>> = {
  Interface: { alarms: ['Sum PacketsDropped'] },
  Gateway: { because: 'S3 and DynamoDB publish no metrics of gateway endpoints; they are part of the route table' },
  // Of the endpoint's zone: its traffic goes nowhere else.
  GatewayLoadBalancer: { alarms: ['Minimum HealthyHostCount'] },
};

const onlyIf = (asked: boolean, rule: Watch, because: string): Watch | Unwatched => (asked ? rule : { because });

/**
 * Every resource type of the estate: the alarms of what carries traffic or data, or the reason for none. A new type needs an
 * entry: `e2e/estate/alarms.test.ts` names a type without one, and a resource whose alarm is missing.
 */
export const watchedTypes: Readonly<Record<string, Rule>> = {
  // Network
  aws_nat_gateway: {
    alarms: [
      'Sum ErrorPortAllocation',
      'Sum PacketsDropCount + Sum PacketsInFromDestination + Sum PacketsInFromSource',
    ],
  },
  aws_ec2_transit_gateway: { alarms: ['Sum PacketDropCountBlackhole', 'Sum PacketDropCountNoRoute'] },
  aws_ec2_transit_gateway_peering_attachment: partOf('both Transit Gateways: packets without a route count as dropped'),
  aws_ec2_transit_gateway_peering_attachment_accepter: configuration,
  aws_ec2_transit_gateway_route: configuration,
  aws_ec2_transit_gateway_route_table: configuration,
  aws_ec2_transit_gateway_route_table_association: configuration,
  aws_ec2_transit_gateway_route_table_propagation: configuration,
  aws_ec2_transit_gateway_vpc_attachment: partOf('the Transit Gateway'),
  aws_ec2_transit_gateway_vpc_attachment_accepter: partOf('the Transit Gateway'),
  aws_cloudformation_stack: { alarms: ['Minimum VirtualInterfaceBgpStatus'] },
  aws_dx_connection: { alarms: ['Minimum ConnectionState'] },
  aws_dx_gateway: partOf('the interfaces of its ports'),
  aws_dx_gateway_association: partOf('the interfaces of its ports'),
  aws_customer_gateway: partOf('the VPN connection'),
  aws_vpn_connection: { alarms: ['Minimum TunnelState', 'Maximum TunnelState'] },
  aws_route53_resolver_endpoint: { alarms: ['Minimum EndpointHealthyENICount'] },
  aws_route53_resolver_firewall_config: configuration,
  aws_route53_resolver_firewall_domain_list: configuration,
  aws_route53_resolver_firewall_rule: configuration,
  aws_route53_resolver_firewall_rule_group: { because: 'blocked queries are wanted, and are in the query log' },
  aws_route53_resolver_firewall_rule_group_association: configuration,
  aws_route53_resolver_query_log_config: logs,
  aws_route53_resolver_query_log_config_association: logs,
  aws_route53_resolver_rule: partOf('the outbound endpoint'),
  aws_route53_resolver_rule_association: configuration,
  aws_vpc_endpoint: ({ vpc_endpoint_type: type }) => endpoints[String(type)]!,
  aws_vpc_endpoint_service: ({ network_load_balancer_arns: offered }) =>
    onlyIf(!!offered, { alarms: ['Sum RstPacketsSent'] }, 'fails with the gateway load balancer, which is watched'),
  aws_vpc_endpoint_service_private_dns_verification: configuration,
  aws_default_security_group: configuration,
  aws_ec2_managed_prefix_list: configuration,
  aws_ec2_subnet_cidr_reservation: configuration,
  aws_eip: partOf('its NAT gateway'),
  aws_flow_log: logs,
  aws_internet_gateway: { because: 'AWS publishes no metrics of it; the health checks use it' },
  aws_network_acl: configuration,
  aws_ram_principal_association: configuration,
  aws_ram_resource_association: configuration,
  aws_ram_resource_share: configuration,
  aws_route: configuration,
  aws_route_table: configuration,
  aws_route_table_association: configuration,
  aws_security_group: configuration,
  aws_subnet: configuration,
  aws_vpc: configuration,
  aws_vpc_dhcp_options: configuration,
  aws_vpc_dhcp_options_association: configuration,
  aws_vpc_security_group_egress_rule: configuration,
  aws_vpc_security_group_ingress_rule: configuration,

  // Application
  aws_lb: ({ load_balancer_type: type = 'application' }) => balancers[String(type)]!,
  aws_lb_target_group: ({ protocol }) => ({
    alarms: [protocol === 'GENEVE' ? 'Minimum HealthyHostCount' : 'Maximum UnHealthyHostCount'],
  }),
  aws_lb_listener: partOf('the load balancer'),
  aws_lb_listener_rule: configuration,
  aws_autoscaling_group: ({ max_size: max, min_size: min }) =>
    onlyIf(
      max !== 0,
      {
        alarms: [
          'Average GroupInServiceInstances',
          // A group of fixed size is always at its limit.
          ...(max === min ? [] : ['Average GroupDesiredCapacity']),
        ],
      },
      'it is scaled to zero',
    ),
  aws_autoscaling_policy: configuration,
  aws_launch_template: configuration,
  aws_ecr_lifecycle_policy: configuration,
  aws_ecr_replication_configuration: configuration,
  aws_ecr_repository: { because: 'a service that gets no image misses tasks, which is an alarm' },
  aws_ecs_cluster: partOf('its services'),
  aws_ecs_service: ({ desired_count: desired, lifecycle }) =>
    onlyIf(
      desired !== 0 || lifecycle !== undefined,
      { alarms: ['Average RunningTaskCount', 'Average DesiredTaskCount'] },
      'it is scaled to zero',
    ),
  aws_ecs_task_definition: configuration,
  aws_lambda_function: ({ reserved_concurrent_executions: reserved }) => ({
    alarms: ['Sum Errors', 'Sum Invocations', ...(reserved === undefined ? [] : ['Sum Throttles'])],
  }),
  aws_lambda_function_event_invoke_config: configuration,
  aws_lambda_permission: policies,
  aws_sqs_queue: ({ redrive_policy: hasDeadLetters }) => ({
    alarms: [hasDeadLetters ? 'Maximum ApproximateAgeOfOldestMessage' : 'Maximum ApproximateNumberOfMessagesVisible'],
  }),
  aws_sqs_queue_policy: policies,
  aws_sqs_queue_redrive_allow_policy: policies,
  aws_cloudwatch_event_bus: partOf('its rules, and the queue of events that it could not encrypt'),
  aws_cloudwatch_event_bus_policy: policies,
  aws_cloudwatch_event_archive: { because: 'EventBridge publishes no metrics of archives' },
  aws_cloudwatch_event_rule: ({ schedule_expression: schedule, event_pattern: pattern }) => {
    if (schedule) return partOf('the function that it calls, whose silence is an alarm');
    return onlyIf(
      !String(pattern).includes('"aws.cloudwatch"'),
      { alarms: ['Sum InvocationsFailedToBeSentToDlq'] },
      'its events only make a function look earlier than its schedule',
    );
  },
  aws_cloudwatch_event_target: partOf('its rule'),

  // Data
  aws_rds_global_cluster: partOf('its members'),
  aws_rds_cluster: {
    alarms: [
      'Maximum CPUUtilization',
      'Maximum DatabaseConnections',
      'Maximum AuroraGlobalDBReplicationLag',
      'Maximum AuroraGlobalDBReplicationLag + Maximum CPUUtilization',
    ],
  },
  aws_rds_cluster_instance: { because: "its cluster's alarms are on the worst of the instances" },
  aws_db_instance: ({ replicate_source_db: source }) => ({
    alarms: [
      'Maximum CPUUtilization',
      'Maximum DatabaseConnections',
      'Minimum FreeStorageSpace',
      ...(source ? ['Maximum ReplicaLag', 'Maximum CPUUtilization + Maximum ReplicaLag'] : []),
    ],
  }),
  aws_backup_vault: { alarms: ['Sum NumberOfBackupJobsFailed', 'Sum NumberOfCopyJobsFailed'] },
  aws_backup_plan: { alarms: ['Sum NumberOfBackupJobsCompleted'] },
  aws_backup_region_settings: configuration,
  aws_backup_selection: partOf('its plan'),
  aws_backup_vault_lock_configuration: policies,
  aws_db_parameter_group: configuration,
  aws_db_subnet_group: configuration,
  aws_rds_cluster_parameter_group: configuration,
  aws_dynamodb_table: ({ name, stream_enabled: replicated }) =>
    onlyIf(
      replicated === true,
      { alarms: ['Maximum ReplicationLatency', 'Sum ReadThrottleEvents + Sum WriteThrottleEvents'] },
      `${String(name)} holds locks of states: a command that cannot lock says so`,
    ),
  aws_dynamodb_table_replica: {
    alarms: ['Maximum ReplicationLatency', 'Sum ReadThrottleEvents + Sum WriteThrottleEvents'],
  },
  aws_appautoscaling_policy: configuration,
  aws_appautoscaling_target: configuration,
  aws_elasticache_replication_group: {
    alarms: ['Maximum DatabaseMemoryUsagePercentage', 'Maximum EngineCPUUtilization', 'Maximum Evictions'],
  },
  aws_elasticache_parameter_group: configuration,
  aws_elasticache_subnet_group: configuration,
  aws_elasticache_user: configuration,
  aws_elasticache_user_group: configuration,
  aws_s3_bucket: { because: 'S3 publishes request metrics only for a price per bucket; who uses it sees its errors' },
  aws_s3_bucket_lifecycle_configuration: configuration,
  aws_s3_bucket_logging: logs,
  aws_s3_bucket_ownership_controls: configuration,
  aws_s3_bucket_policy: policies,
  aws_s3_bucket_public_access_block: policies,
  aws_s3_bucket_replication_configuration: ({ rule }) =>
    onlyIf(
      JSON.stringify(rule).includes('"metrics"'),
      { alarms: ['Maximum ReplicationLatency', 'Sum OperationsFailedReplication'] },
      'copies states: `npx platform state` compares the serials before it uses a copy',
    ),
  aws_s3_bucket_server_side_encryption_configuration: configuration,
  aws_s3_bucket_versioning: configuration,
  aws_secretsmanager_secret: configuration,
  aws_secretsmanager_secret_version: configuration,

  // Edge
  aws_acm_certificate: partOf('its validation; a certificate without one is never issued'),
  aws_acm_certificate_validation: { alarms: ['Minimum DaysToExpiry'] },
  aws_cloudfront_distribution: { alarms: ['Average 5xxErrorRate', 'p95 OriginLatency'] },
  aws_cloudfront_cache_policy: configuration,
  aws_cloudfront_monitoring_subscription: configuration,
  aws_cloudfront_origin_access_control: configuration,
  aws_cloudfront_origin_request_policy: configuration,
  aws_cloudfront_response_headers_policy: configuration,
  aws_globalaccelerator_accelerator: { alarms: ['Maximum UnhealthyEndpointCount'] },
  aws_globalaccelerator_cross_account_attachment: configuration,
  aws_globalaccelerator_endpoint_group: partOf('the accelerator'),
  aws_globalaccelerator_listener: partOf('the accelerator'),
  aws_route53_health_check: ({ type, tags }) => {
    // A person turns the latch of a region, and its alarm is what the check follows.
    if (type === 'CLOUDWATCH_METRIC') return { alarms: ['Maximum Latched'] };
    if (JSON.stringify(tags).includes('-serving"'))
      return partOf('the check of its region; its latch is turned by a person');
    return { alarms: ['Minimum HealthCheckStatus'] };
  },
  aws_route53_hosted_zone_dnssec: {
    alarms: ['Maximum DNSSECInternalFailure', 'Maximum DNSSECKeySigningKeysNeedingAction'],
  },
  aws_route53_key_signing_key: partOf('the signing of its zone'),
  aws_route53_query_log: logs,
  aws_route53_record: configuration,
  aws_route53_zone: { because: 'Route 53 publishes no metric of failed answers; the health checks use its names' },
  aws_wafv2_regex_pattern_set: configuration,
  aws_wafv2_web_acl: { alarms: ['Sum BlockedRequests'] },
  aws_wafv2_web_acl_association: configuration,
  aws_wafv2_web_acl_logging_configuration: logs,

  aws_athena_named_query: configuration,
  aws_athena_workgroup: { because: 'runs the queries of people, who see their errors' },
  aws_glue_catalog_database: configuration,
  aws_glue_catalog_table: configuration,
  aws_s3_object: configuration,
  aws_synthetics_canary: { alarms: ['Average SuccessPercent'] },

  // Accounts
  aws_budgets_budget: { because: 'mails by itself' },
  aws_ce_anomaly_monitor: { because: 'mails by itself' },
  aws_ce_anomaly_subscription: configuration,
  aws_config_aggregate_authorization: policies,
  aws_config_config_rule: { because: 'Config publishes no metric of compliance; the aggregator shows it' },
  aws_config_configuration_aggregator: configuration,
  aws_config_configuration_recorder: configuration,
  aws_config_configuration_recorder_status: {
    because: 'the deploy role cannot stop a recorder, and CloudTrail has who did',
  },
  aws_config_delivery_channel: logs,
  aws_ebs_encryption_by_default: policies,
  aws_ec2_instance_metadata_defaults: policies,
  aws_s3_account_public_access_block: policies,
  aws_vpc_block_public_access_exclusion: policies,
  aws_vpc_block_public_access_options: policies,

  // Everything else
  aws_cloudwatch_log_delivery: logs,
  aws_cloudwatch_log_delivery_destination: logs,
  aws_cloudwatch_log_delivery_source: logs,
  aws_cloudwatch_log_group: logs,
  aws_cloudwatch_log_resource_policy: policies,
  aws_cloudwatch_composite_alarm: configuration,
  aws_cloudwatch_dashboard: configuration,
  aws_cloudwatch_metric_alarm: configuration,
  aws_iam_instance_profile: policies,
  aws_iam_openid_connect_provider: policies,
  aws_iam_policy: policies,
  aws_iam_role: policies,
  aws_iam_role_policy: policies,
  aws_iam_role_policy_attachment: policies,
  aws_kms_alias: configuration,
  aws_kms_key: { because: 'KMS publishes no metric of failed use; what it encrypts fails, and is watched' },
  aws_sns_topic: { because: 'carries the alarms themselves: a test message shows that it works' },
  aws_sns_topic_policy: policies,
  aws_sns_topic_subscription: configuration,
  aws_ssm_parameter: configuration,
  terraform_data: configuration,
};

/** The rule for one resource. Undefined: its type has none. */
export function watchOf(type: string, resource: Resource): Watch | Unwatched | undefined {
  const rule = Object.hasOwn(watchedTypes, type) ? watchedTypes[type] : undefined;
  return typeof rule === 'function' ? rule(resource) : rule;
}
