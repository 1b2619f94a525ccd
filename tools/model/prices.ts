/*
 * List prices of AWS, in US dollars, without discounts, free tiers, taxes and data transfer. They are written down from the
 * price pages that `source` names and not looked up: check them before a decision rests on them, and change them here.
 * A region without a price of its own has none: what it costs is unknown.
 */

/** Hours of a month, as AWS's calculator counts. */
export const HOURS = 730;

/** What one unit costs, by AWS region. */
type ByRegion = Readonly<Record<string, number>>;

/** One row: what a resource of a type costs. Several rows of a type add up. */
export interface Price {
  readonly type: string;
  /** Dollars per unit and hour, or per unit and month. */
  readonly per: 'hour' | 'month';
  /** By region, or by class and region where {@link classArgument} says which argument has the class. `*`: every region. */
  readonly usd: ByRegion | Readonly<Record<string, ByRegion>>;
  /** Argument that names the class: `instance_class`. */
  readonly classArgument?: string;
  /** Argument whose number, or number of elements, is the number of units. Default: one. */
  readonly countArgument?: string;
  /** Only where the argument has the value. */
  readonly only?: readonly [argument: string, value: unknown];
  readonly source: string;
}

/** Day on which the table was written, and the note that every sum carries. */
export const PRICES_OF = '2026-11-30';

export const assumptions: readonly string[] = [
  `List prices of ${PRICES_OF}, check: no discount, free tier, tax, data transfer or price by use.`,
  `${HOURS} hours a month; Auto Scaling groups at their minimum size, on demand.`,
  'An endpoint has an address in every zone of its region.',
  'A resource whose region or class has no price in tools/model/prices.ts is unknown and is not in the sum.',
];

const both = (us: number, seoul: number): ByRegion => ({ 'us-east-1': us, 'ap-northeast-2': seoul });
const everywhere = (usd: number): ByRegion => ({ '*': usd });

const ec2 = 'https://aws.amazon.com/ec2/pricing/on-demand/';
const vpc = 'https://aws.amazon.com/vpc/pricing/';
const privateLink = 'https://aws.amazon.com/privatelink/pricing/';
const transitGateway = 'https://aws.amazon.com/transit-gateway/pricing/';
const route53 = 'https://aws.amazon.com/route53/pricing/';
const balancing = 'https://aws.amazon.com/elasticloadbalancing/pricing/';
const cloudWatch = 'https://aws.amazon.com/cloudwatch/pricing/';
const aurora = 'https://aws.amazon.com/rds/aurora/pricing/';

export const prices: readonly Price[] = [
  { type: 'aws_nat_gateway', per: 'hour', usd: both(0.045, 0.059), source: vpc },
  { type: 'aws_eip', per: 'hour', usd: everywhere(0.005), source: vpc },
  {
    type: 'aws_vpc_endpoint',
    per: 'hour',
    usd: both(0.01, 0.013),
    countArgument: 'subnet_ids',
    only: ['vpc_endpoint_type', 'Interface'],
    source: privateLink,
  },
  { type: 'aws_ec2_transit_gateway_vpc_attachment', per: 'hour', usd: both(0.05, 0.07), source: transitGateway },
  { type: 'aws_ec2_transit_gateway_peering_attachment', per: 'hour', usd: both(0.05, 0.07), source: transitGateway },
  {
    type: 'aws_ec2_transit_gateway_peering_attachment_accepter',
    per: 'hour',
    usd: both(0.05, 0.07),
    source: transitGateway,
  },
  { type: 'aws_vpn_connection', per: 'hour', usd: everywhere(0.05), source: 'https://aws.amazon.com/vpn/pricing/' },
  {
    type: 'aws_dx_connection',
    per: 'hour',
    classArgument: 'bandwidth',
    usd: { '1Gbps': everywhere(0.3), '10Gbps': everywhere(2.25) },
    source: 'https://aws.amazon.com/directconnect/pricing/',
  },
  {
    type: 'aws_route53_resolver_endpoint',
    per: 'hour',
    usd: everywhere(0.125),
    countArgument: 'ip_address',
    source: route53,
  },
  { type: 'aws_route53_zone', per: 'month', usd: everywhere(0.5), source: route53 },
  { type: 'aws_route53_health_check', per: 'month', usd: everywhere(0.5), source: route53 },
  { type: 'aws_route53_health_check', per: 'month', usd: everywhere(1), only: ['type', 'HTTPS'], source: route53 },
  {
    type: 'aws_route53_health_check',
    per: 'month',
    usd: everywhere(1),
    only: ['request_interval', 10],
    source: route53,
  },
  {
    type: 'aws_lb',
    per: 'hour',
    usd: both(0.0225, 0.0225),
    only: ['load_balancer_type', 'application'],
    source: balancing,
  },
  {
    type: 'aws_lb',
    per: 'hour',
    usd: both(0.0225, 0.0225),
    only: ['load_balancer_type', 'network'],
    source: balancing,
  },
  {
    type: 'aws_lb',
    per: 'hour',
    usd: both(0.0125, 0.0125),
    only: ['load_balancer_type', 'gateway'],
    source: balancing,
  },
  {
    type: 'aws_globalaccelerator_accelerator',
    per: 'hour',
    usd: everywhere(0.025),
    source: 'https://aws.amazon.com/global-accelerator/pricing/',
  },
  { type: 'aws_wafv2_web_acl', per: 'month', usd: everywhere(5), source: 'https://aws.amazon.com/waf/pricing/' },
  {
    type: 'aws_wafv2_web_acl',
    per: 'month',
    usd: everywhere(1),
    countArgument: 'rule',
    source: 'https://aws.amazon.com/waf/pricing/',
  },
  { type: 'aws_kms_key', per: 'month', usd: everywhere(1), source: 'https://aws.amazon.com/kms/pricing/' },
  { type: 'aws_kms_replica_key', per: 'month', usd: everywhere(1), source: 'https://aws.amazon.com/kms/pricing/' },
  {
    type: 'aws_secretsmanager_secret',
    per: 'month',
    usd: everywhere(0.4),
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  { type: 'aws_cloudwatch_metric_alarm', per: 'month', usd: everywhere(0.1), source: cloudWatch },
  { type: 'aws_cloudwatch_composite_alarm', per: 'month', usd: everywhere(0.5), source: cloudWatch },
  { type: 'aws_cloudwatch_dashboard', per: 'month', usd: everywhere(3), source: cloudWatch },
  {
    type: 'aws_autoscaling_group',
    per: 'hour',
    classArgument: 'instance_type',
    countArgument: 'min_size',
    usd: {
      't3.micro': both(0.0104, 0.013),
      't3.small': both(0.0208, 0.026),
      't3.medium': both(0.0416, 0.052),
      't3.large': both(0.0832, 0.104),
      't4g.micro': both(0.0084, 0.0104),
      't4g.small': both(0.0168, 0.0208),
      't4g.medium': both(0.0336, 0.0416),
      't4g.large': both(0.0672, 0.0832),
      'm6i.large': both(0.096, 0.118),
      'm7g.large': both(0.0816, 0.1003),
      'c6i.large': both(0.085, 0.096),
    },
    source: ec2,
  },
  {
    type: 'aws_rds_cluster_instance',
    per: 'hour',
    classArgument: 'instance_class',
    usd: {
      'db.t4g.medium': { 'us-east-1': 0.073 },
      'db.t4g.large': { 'us-east-1': 0.146 },
      'db.r6g.large': { 'us-east-1': 0.26 },
      'db.r6g.xlarge': { 'us-east-1': 0.519 },
      'db.r7g.large': { 'us-east-1': 0.276 },
    },
    source: aurora,
  },
];

/** Billed by use: never in a sum, and named beside it. */
export const byUse: readonly string[] = [
  'aws_athena_workgroup',
  'aws_cloudfront_distribution',
  'aws_cloudwatch_log_group',
  'aws_dynamodb_table',
  'aws_dynamodb_table_replica',
  'aws_flow_log',
  'aws_lambda_function',
  'aws_rds_cluster',
  'aws_s3_bucket',
  'aws_sns_topic',
  'aws_sqs_queue',
];

/** Billed by the hour and without a row above, or with classes that it lacks: unknown where one is made. */
export const unpriced: readonly string[] = [
  'aws_db_instance',
  'aws_ecs_service',
  'aws_eks_cluster',
  'aws_elasticache_replication_group',
  'aws_elasticache_serverless_cache',
  'aws_instance',
  'aws_memorydb_cluster',
  'aws_mq_broker',
  'aws_msk_cluster',
  'aws_opensearch_domain',
  'aws_redshift_cluster',
  'aws_synthetics_canary',
];
