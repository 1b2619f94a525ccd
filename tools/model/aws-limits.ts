/** Where a name is unique: in the world, in an account, or in one region of an account. */
export type NameScope = 'world' | 'account' | 'region';

/** What AWS asks of a name. */
export interface NameLimit {
  /** Argument of the resource that holds the name. */
  readonly argument: string;
  /** Characters at least; default 1. */
  readonly least?: number;
  /** Characters at most. */
  readonly most: number;
  /** The whole name. */
  readonly pattern: RegExp;
  /** The pattern in words, for the message. */
  readonly words: string;
  /** Absent: several may have the name. */
  readonly unique?: NameScope;
  /** Arguments of what the name is unique in, below {@link unique}: the bus of a rule, the zone of a record. */
  readonly within?: readonly string[];
}

const word = { pattern: /^[\w-]+$/, words: 'letters, digits, hyphens and underscores' };
const balancer = {
  most: 32,
  pattern: /^(?!internal-)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?$/,
  words: 'letters, digits and hyphens, no hyphen first or last, not beginning with internal-',
  unique: 'region',
} as const;
const database = {
  pattern: /^[a-z](?!.*--)([a-z0-9-]*[a-z0-9])?$/,
  words: 'lower-case letters, digits and single hyphens, a letter first, no hyphen last',
  unique: 'region',
} as const;
const iam = {
  pattern: /^[\w+=,.@-]+$/,
  words: 'letters, digits and _+=,.@-',
  unique: 'account',
} as const;
const printable = { pattern: /^[\x20-\x7e]+$/, words: 'printable characters' };
const resolver = {
  argument: 'name',
  most: 64,
  pattern: /^(?!\d+$)[\w '-]+$/,
  words: 'letters, digits, spaces, hyphens and underscores, not digits alone',
};

/**
 * Names of the estate's resources by type, as the API references of the services state them for the call that creates the
 * resource: ELB (CreateLoadBalancer, CreateTargetGroup), IAM (CreateRole, CreateInstanceProfile, CreatePolicy), RDS, ElastiCache,
 * DynamoDB, SQS, SNS, CloudWatch, CloudWatch Logs, EventBridge, KMS, Secrets Manager, EC2, Auto Scaling, CloudFormation,
 * CloudFront, Global Accelerator, WAF, Route 53 Resolver, Direct Connect; S3 user guide, "General purpose bucket naming
 * rules"; ACM user guide, "Request a public certificate" (64 characters of the first domain name).
 *
 * Where names are unique, by the same pages. Some calls refuse a second resource of a name: CreateRole
 * (EntityAlreadyExists), CreateWebACL and CreateRegexPatternSet (WAFDuplicateItemException, per scope), CreateTargetGroup
 * (DuplicateTargetGroupName), CreateSecurityGroup (InvalidGroup.Duplicate, per VPC). Others take it for a change of the
 * first one, so that two stacks undo each other with every deploy: PutRule (per bus), PutResourcePolicy, PutRolePolicy (per
 * role), PutScalingPolicy (per group or target), PutMetricAlarm, CreateQueue, CreateTopic, and ChangeResourceRecordSets of
 * Terraform, which overwrites on request only.
 */
export const nameLimits: Readonly<Record<string, NameLimit>> = {
  aws_acm_certificate: {
    argument: 'domain_name',
    most: 64,
    pattern: /^(\*\.)?([a-z0-9_]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/,
    words: 'a domain name',
  },
  aws_athena_workgroup: {
    argument: 'name',
    most: 128,
    pattern: /^[\w.-]+$/,
    words: 'letters, digits and _.-',
    unique: 'region',
  },
  aws_appautoscaling_policy: {
    argument: 'name',
    most: 256,
    ...printable,
    unique: 'region',
    within: ['resource_id', 'scalable_dimension'],
  },
  aws_autoscaling_policy: {
    argument: 'name',
    most: 255,
    ...printable,
    unique: 'region',
    within: ['autoscaling_group_name'],
  },
  aws_autoscaling_group: {
    argument: 'name',
    most: 255,
    ...printable,
    unique: 'region',
  },
  aws_cloudformation_stack: {
    argument: 'name',
    most: 128,
    pattern: /^[A-Za-z][A-Za-z0-9-]*$/,
    words: 'letters, digits and hyphens, a letter first',
    unique: 'region',
  },
  aws_cloudfront_cache_policy: { argument: 'name', most: 128, ...word, unique: 'account' },
  aws_cloudfront_origin_access_control: {
    argument: 'name',
    most: 64,
    ...printable,
    unique: 'account',
  },
  aws_cloudfront_origin_request_policy: { argument: 'name', most: 128, ...word, unique: 'account' },
  aws_cloudfront_response_headers_policy: { argument: 'name', most: 128, ...word, unique: 'account' },
  aws_cloudwatch_event_archive: {
    argument: 'name',
    most: 48,
    pattern: /^[\w.-]+$/,
    words: 'letters, digits and _.-',
    unique: 'region',
  },
  aws_cloudwatch_event_bus: {
    argument: 'name',
    most: 256,
    pattern: /^(?!aws\.)[\w./-]+$/,
    words: 'letters, digits and _./-, not beginning with aws.',
    unique: 'region',
  },
  aws_cloudwatch_event_rule: {
    argument: 'name',
    most: 64,
    pattern: /^[\w.-]+$/,
    words: 'letters, digits and _.-',
    unique: 'region',
    within: ['event_bus_name'],
  },
  aws_cloudwatch_log_delivery_destination: { argument: 'name', most: 60, ...word, unique: 'region' },
  aws_cloudwatch_log_delivery_source: { argument: 'name', most: 60, ...word, unique: 'region' },
  aws_cloudwatch_log_group: {
    argument: 'name',
    most: 512,
    pattern: /^(?!aws\/)[\w./#-]+$/,
    words: 'letters, digits and _./#-, not beginning with aws/',
    unique: 'region',
  },
  aws_cloudwatch_log_resource_policy: { argument: 'policy_name', most: 512, ...printable, unique: 'region' },
  aws_cloudwatch_metric_alarm: {
    argument: 'alarm_name',
    most: 255,
    ...printable,
    unique: 'region',
  },
  aws_db_instance: { argument: 'identifier', most: 63, ...database },
  aws_db_parameter_group: { argument: 'name', most: 255, ...database },
  aws_db_subnet_group: {
    argument: 'name',
    most: 255,
    pattern: /^(?!default$)[a-z0-9 ._-]+$/,
    words: 'lower-case letters, digits, spaces and ._-',
    unique: 'region',
  },
  aws_dynamodb_table: {
    argument: 'name',
    least: 3,
    most: 255,
    pattern: /^[\w.-]+$/,
    words: 'letters, digits and _.-',
    unique: 'region',
  },
  aws_dx_gateway: {
    argument: 'name',
    most: 100,
    ...printable,
  },
  aws_ecr_repository: {
    argument: 'name',
    least: 2,
    most: 256,
    pattern: /^[a-z0-9]+([._/-][a-z0-9]+)*$/,
    words: 'lower-case letters, digits and single ._/- between them',
    unique: 'region',
  },
  aws_ecs_cluster: { argument: 'name', most: 255, ...word, unique: 'region' },
  aws_ecs_service: { argument: 'name', most: 255, ...word, unique: 'region', within: ['cluster'] },
  aws_ecs_task_definition: { argument: 'family', most: 255, ...word, unique: 'region' },
  aws_elasticache_parameter_group: { argument: 'name', most: 255, ...database },
  aws_elasticache_replication_group: { argument: 'replication_group_id', most: 40, ...database },
  aws_elasticache_subnet_group: { argument: 'name', most: 255, ...database },
  aws_elasticache_user: { argument: 'user_id', most: 40, ...database },
  aws_elasticache_user_group: { argument: 'user_group_id', most: 40, ...database },
  aws_globalaccelerator_accelerator: {
    argument: 'name',
    most: 64,
    pattern: /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/,
    words: 'letters, digits, dots and hyphens, neither of these first or last',
  },
  aws_globalaccelerator_cross_account_attachment: {
    argument: 'name',
    most: 64,
    pattern: /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/,
    words: 'letters, digits, dots and hyphens, neither of these first or last',
  },
  aws_glue_catalog_database: {
    argument: 'name',
    most: 255,
    pattern: /^[a-z0-9_]+$/,
    words: 'lower-case letters, digits and _',
    unique: 'region',
  },
  aws_iam_instance_profile: { argument: 'name', most: 128, ...iam },
  aws_iam_policy: { argument: 'name', most: 128, ...iam },
  aws_iam_role: { argument: 'name', most: 64, ...iam },
  aws_iam_role_policy: { argument: 'name', most: 128, ...iam, within: ['role'] },
  aws_kms_alias: {
    argument: 'name',
    most: 256,
    pattern: /^alias\/(?!aws\/)[\w/-]+$/,
    words: 'alias/ and letters, digits and _/-, not beginning with aws/',
    unique: 'region',
  },
  aws_lambda_function: { argument: 'function_name', most: 64, ...word, unique: 'region' },
  aws_launch_template: {
    argument: 'name',
    least: 3,
    most: 128,
    pattern: /^[\w()./-]+$/,
    words: 'letters, digits and ()._/-',
    unique: 'region',
  },
  aws_lb: { argument: 'name', ...balancer },
  aws_lb_target_group: { argument: 'name', ...balancer },
  aws_rds_cluster: { argument: 'cluster_identifier', most: 63, ...database },
  aws_rds_cluster_instance: { argument: 'identifier', most: 63, ...database },
  aws_rds_cluster_parameter_group: { argument: 'name', most: 255, ...database },
  aws_rds_global_cluster: { argument: 'global_cluster_identifier', most: 63, ...database, unique: 'account' },
  aws_route53_health_check: {
    argument: 'fqdn',
    most: 255,
    pattern: /^[a-z0-9.-]+$/,
    words: 'a domain name',
  },
  aws_route53_record: {
    argument: 'name',
    most: 255,
    pattern: /^[a-z0-9_*][a-z0-9_.-]*$/,
    words: 'a domain name',
    unique: 'account',
    within: ['zone_id', 'type', 'set_identifier'],
  },
  aws_route53_resolver_endpoint: resolver,
  aws_route53_resolver_firewall_domain_list: resolver,
  aws_route53_resolver_firewall_rule: resolver,
  aws_route53_resolver_firewall_rule_group: resolver,
  aws_route53_resolver_firewall_rule_group_association: resolver,
  aws_route53_resolver_query_log_config: resolver,
  aws_route53_resolver_rule: resolver,
  aws_s3_bucket: {
    argument: 'bucket',
    least: 3,
    most: 63,
    pattern:
      /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|--x-s3|--table-s3|\.mrap)$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
    words: 'lower-case letters, digits, dots and hyphens, and no prefix or suffix that S3 reserves',
    unique: 'world',
  },
  aws_secretsmanager_secret: {
    argument: 'name',
    most: 512,
    pattern: /^[\w/+=.@-]+$/,
    words: 'letters, digits and _/+=.@-',
    unique: 'region',
  },
  aws_security_group: {
    argument: 'name',
    most: 255,
    pattern: /^(?!sg-)[\w .:/()#,@[\]+=&;{}!$*-]+$/,
    words: 'letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*, not beginning with sg-',
    unique: 'region',
    within: ['vpc_id'],
  },
  aws_sns_topic: { argument: 'name', most: 256, ...word, unique: 'region' },
  aws_sqs_queue: { argument: 'name', most: 80, ...word, unique: 'region' },
  aws_wafv2_regex_pattern_set: { argument: 'name', most: 128, ...word, unique: 'region', within: ['scope'] },
  aws_wafv2_web_acl: { argument: 'name', most: 128, ...word, unique: 'region', within: ['scope'] },
};

/** A document inside a resource, and its greatest length in characters without white space. */
export interface DocumentLimit {
  readonly argument: string;
  readonly most: number;
}

/**
 * IAM user guide, "IAM and AWS STS quotas" (trust policy 2,048, managed policy 6,144); S3 user guide, "Policies and permissions"
 * (20 KB); KMS developer guide, "Quotas" (32 KB); CloudWatch Logs API reference, PutResourcePolicy (5,120); PrivateLink
 * guide, "Quotas" (20,480); SNS API reference, SetTopicAttributes (30 KB); EC2 user guide, "User data" (16 KB).
 */
export const documentLimits: Readonly<Record<string, DocumentLimit>> = {
  aws_cloudwatch_log_resource_policy: { argument: 'policy_document', most: 5120 },
  aws_iam_policy: { argument: 'policy', most: 6144 },
  aws_iam_role: { argument: 'assume_role_policy', most: 2048 },
  aws_kms_key: { argument: 'policy', most: 32_768 },
  aws_s3_bucket_policy: { argument: 'policy', most: 20_480 },
  aws_sns_topic_policy: { argument: 'policy', most: 30_720 },
  aws_vpc_endpoint: { argument: 'policy', most: 20_480 },
};

/** Characters of all inline policies of a role together, without white space (IAM user guide, "IAM and AWS STS quotas"). */
export const inlinePolicies = 10_240;

/** Bytes of user data before it is encoded (EC2 user guide, "Run commands when you launch an EC2 instance with user data input"). */
export const userDataBytes = 16_384;

/** Tags of AWS resources (AWS documentation, "Tag restrictions"). */
export const tagLimits = { keyCharacters: 128, valueCharacters: 256, tags: 50 } as const;

/** Characters of tag keys and values that all services take. */
export const tagPattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Descriptions of security groups and their rules (EC2 API reference, CreateSecurityGroup, IpRange). */
export const groupDescription = { most: 255, pattern: /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/ } as const;
