import table from './prices.json';

/*
 * List prices of AWS, in US dollars, without discounts, free tiers, taxes and data transfer: `prices.json` beside this file
 * has one row per price and region, with its day and its source. `npx platform prices --update` takes current ones from
 * AWS's public price list. A price or region without a row is unknown, and no sum has it.
 */

/** Hours of a month, as AWS's calculator counts. */
export const HOURS = 730;

/** One row of `prices.json`. */
export interface ListPrice {
  /** Name, with the class where there are several: `instance:t4g.small`. */
  readonly key: string;
  /** `hour`, `month`, `run`, `GB`, `10000 requests` */
  readonly unit: string;
  /** AWS's name; `*`: every region without a row of its own. */
  readonly region: string;
  readonly usd: number;
  /** The highest one, where sources differ. */
  readonly usdHigh?: number;
  /** Day on which the source had the price; of an unconfirmed one, the day on which a source was looked for. */
  readonly date: string;
  /** AWS's price list, or a record or transcription of it or of AWS's page; of an unconfirmed one, where to look. */
  readonly source: string;
  readonly kind: 'list price';
  /** `unconfirmed`: no source was found. Every output names it as such. */
  readonly status: 'confirmed' | 'unconfirmed';
}

export const listPrices = table as readonly ListPrice[];

/** The price of a region, else that of every region; undefined where it is unknown. */
export function listPrice(key: string, region: string, rows: readonly ListPrice[] = listPrices): ListPrice | undefined {
  const named = rows.filter((row) => row.key === key);
  return named.find((row) => row.region === region) ?? named.find((row) => row.region === '*');
}

/** What a resource of a type costs. Several rows of a type add up. */
export interface Price {
  readonly type: string;
  /** In {@link listPrices}; with {@link classArgument} the part before the colon. */
  readonly key: string;
  /** Argument that names the class: `instance_class`. */
  readonly classArgument?: string;
  /** Argument whose number, or number of elements, is the number of units. Default: one. */
  readonly countArgument?: string;
  /** Argument that each of these units is multiplied with: the vCPUs of a task. Default: one. */
  readonly sizeArgument?: string;
  /** Only where the argument has the value. */
  readonly only?: readonly [argument: string, value: unknown];
}

/** `0.0012 USD per run`, with a mark where no source confirms it. */
export function priceText({ usd, usdHigh, unit, status }: ListPrice): string {
  const range = usdHigh === undefined ? String(usd) : `${usd} to ${usdHigh}`;
  return `${range} USD per ${unit}${status === 'confirmed' ? '' : ' (unconfirmed)'}`;
}

/** Oldest and newest day of the rows. */
export function datesOf(rows: readonly ListPrice[] = listPrices): string {
  const dates = rows.map(({ date }) => date).sort();
  const [from, to] = [dates[0], dates.at(-1)];
  return from === to ? `${to}` : `${from} to ${to}`;
}

export const assumptions: readonly string[] = [
  `List prices of ${datesOf()}: no discount, free tier, tax, data transfer or price by use. ${listPrices.filter(({ status }) => status === 'unconfirmed').length} of ${listPrices.length} are unconfirmed; \`npx platform prices\` has each with its source.`,
  `${HOURS} hours a month; Auto Scaling groups at their minimum size and tasks at their desired count, on demand.`,
  'An endpoint has an address in every zone of its region.',
  'A resource whose region or class has no price in tools/model/prices.json is unknown and is not in the sum.',
];

export const prices: readonly Price[] = [
  { type: 'aws_nat_gateway', key: 'nat-gateway' },
  { type: 'aws_eip', key: 'public-address' },
  {
    type: 'aws_vpc_endpoint',
    key: 'interface-endpoint',
    countArgument: 'subnet_ids',
    only: ['vpc_endpoint_type', 'Interface'],
  },
  {
    type: 'aws_vpc_endpoint',
    key: 'gateway-balancer-endpoint',
    countArgument: 'subnet_ids',
    only: ['vpc_endpoint_type', 'GatewayLoadBalancer'],
  },
  { type: 'aws_ec2_transit_gateway_vpc_attachment', key: 'transit-gateway-attachment' },
  { type: 'aws_ec2_transit_gateway_peering_attachment', key: 'transit-gateway-attachment' },
  { type: 'aws_ec2_transit_gateway_peering_attachment_accepter', key: 'transit-gateway-attachment' },
  { type: 'aws_vpn_connection', key: 'vpn-connection' },
  { type: 'aws_dx_connection', key: 'direct-connect-port', classArgument: 'bandwidth' },
  { type: 'aws_route53_resolver_endpoint', key: 'resolver-address', countArgument: 'ip_address' },
  { type: 'aws_route53_zone', key: 'hosted-zone' },
  { type: 'aws_route53_health_check', key: 'health-check' },
  { type: 'aws_route53_health_check', key: 'health-check-https', only: ['type', 'HTTPS'] },
  { type: 'aws_route53_health_check', key: 'health-check-fast', only: ['request_interval', 10] },
  { type: 'aws_lb', key: 'application-balancer', only: ['load_balancer_type', 'application'] },
  { type: 'aws_lb', key: 'network-balancer', only: ['load_balancer_type', 'network'] },
  // One price per zone (https://aws.amazon.com/elasticloadbalancing/pricing/).
  {
    type: 'aws_lb',
    key: 'gateway-balancer',
    countArgument: 'subnets',
    only: ['load_balancer_type', 'gateway'],
  },
  { type: 'aws_globalaccelerator_accelerator', key: 'accelerator' },
  { type: 'aws_wafv2_web_acl', key: 'web-acl' },
  { type: 'aws_wafv2_web_acl', key: 'web-acl-rule', countArgument: 'rule' },
  { type: 'aws_kms_key', key: 'kms-key' },
  { type: 'aws_kms_replica_key', key: 'kms-key' },
  { type: 'aws_secretsmanager_secret', key: 'secret' },
  { type: 'aws_cloudwatch_metric_alarm', key: 'metric-alarm' },
  { type: 'aws_cloudwatch_composite_alarm', key: 'composite-alarm' },
  { type: 'aws_cloudwatch_dashboard', key: 'dashboard' },
  { type: 'aws_autoscaling_group', key: 'instance', classArgument: 'instance_type', countArgument: 'min_size' },
  { type: 'aws_rds_cluster_instance', key: 'aurora-instance', classArgument: 'instance_class' },
  {
    type: 'aws_ecs_service',
    key: 'fargate-vcpu',
    classArgument: 'cpu_architecture',
    countArgument: 'desired_count',
    sizeArgument: 'vcpus',
    only: ['launch_type', 'FARGATE'],
  },
  {
    type: 'aws_ecs_service',
    key: 'fargate-memory',
    classArgument: 'cpu_architecture',
    countArgument: 'desired_count',
    sizeArgument: 'memory_gb',
    only: ['launch_type', 'FARGATE'],
  },
  { type: 'aws_synthetics_canary', key: 'canary-run', countArgument: 'runs' },
];

/** Billed by use: never in a sum, and named beside it with the prices of {@link listPrices} that are known. */
export const byUse: Readonly<Record<string, readonly string[]>> = {
  aws_athena_workgroup: [],
  aws_backup_vault: ['backup-aurora'],
  aws_cloudfront_distribution: ['distribution-data', 'distribution-requests'],
  aws_cloudwatch_log_group: [],
  aws_config_config_rule: ['config-evaluation'],
  aws_config_configuration_recorder: ['config-item'],
  aws_dynamodb_table: [],
  aws_dynamodb_table_replica: [],
  aws_ecr_repository: ['registry-storage'],
  aws_flow_log: [],
  aws_lambda_function: ['lambda-requests', 'lambda-time:arm64'],
  aws_rds_cluster: [],
  aws_s3_bucket: [],
  aws_sns_topic: [],
  aws_sqs_queue: [],
};

/** Billed by the hour and without a row above, or with classes that it lacks: unknown where one is made. */
export const unpriced: readonly string[] = [
  'aws_db_instance',
  'aws_eks_cluster',
  'aws_elasticache_replication_group',
  'aws_elasticache_serverless_cache',
  'aws_instance',
  'aws_memorydb_cluster',
  'aws_mq_broker',
  'aws_msk_cluster',
  'aws_opensearch_domain',
  'aws_redshift_cluster',
];
