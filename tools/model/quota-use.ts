import { quotas, type Quota, type QuotaName } from '@platform/libs/settings/quotas';
import { addressOf, placedResources, type PlacedResource, type PlacedStack } from './placed-resources';
import { vcpusOf } from './instance-types';

/** How much of a quota the synthesised stacks of an environment use in one account and AWS region. */
export interface QuotaUse {
  readonly quota: QuotaName;
  readonly account: string;
  /** `us-east-1` for a quota of the whole account. */
  readonly awsRegion: string;
  readonly needed: number;
  /** The resource with the most of it, for a quota per resource. */
  readonly of?: string;
}

interface Counted {
  readonly quota: QuotaName;
  readonly resource: PlacedResource;
  /** What the quota holds for: an account and region, or one resource. Default: account and region. */
  readonly per?: string;
  /** Default 1. */
  readonly amount?: number;
}

/**
 * Sums what the resources of all stacks need of each quota. Per account and region, or the largest of the resources that
 * a quota holds for. What AWS itself adds, and what other stacks have in the account, is not known here.
 * @param prefixLists rules that a reference to a prefix list counts for, by its id; an unknown one counts for one
 */
export function quotaUses(
  stacks: readonly PlacedStack[],
  prefixLists: ReadonlyMap<string, number> = new Map(),
): QuotaUse[] {
  const resources = stacks.flatMap(placedResources);
  const identify = identifierOf(stacks);
  const counted = resources.flatMap((resource) => count(resource, resources, identify, prefixLists));
  const sums = new Map<string, QuotaUse & { readonly place: string }>();
  for (const { quota, resource, per, amount = 1 } of counted) {
    const { keptIn }: Quota = quotas[quota];
    const awsRegion = keptIn ?? resource.awsRegion;
    const place = [quota, resource.account, awsRegion].join(' ');
    const key = per === undefined ? place : `${place} ${per}`;
    const needed = (sums.get(key)?.needed ?? 0) + amount;
    sums.set(key, {
      place,
      quota,
      account: resource.account,
      awsRegion,
      needed,
      ...(per === undefined ? {} : { of: per }),
    });
  }
  const largest = new Map<string, QuotaUse>();
  for (const { place, ...use } of sums.values()) {
    if ((largest.get(place)?.needed ?? 0) < use.needed) largest.set(place, use);
  }
  return [...largest.values()].sort(
    (a, b) => compare(a.account, b.account) || compare(a.awsRegion, b.awsRegion) || compare(a.quota, b.quota),
  );
}

/**
 * The uses of one environment with what others need in the same places: the sum, and of a quota per resource the largest.
 * A zone is no resource of an environment, so NAT gateways in it are summed too.
 */
export function withOthers(own: readonly QuotaUse[], others: readonly (readonly QuotaUse[])[]): QuotaUse[] {
  return own.map((use) => {
    const same = others
      .flat()
      .filter(
        ({ quota, account, awsRegion }) =>
          [quota, account, awsRegion].join() === [use.quota, use.account, use.awsRegion].join(),
      );
    if (use.of === undefined) return { ...use, needed: same.reduce((sum, { needed }) => sum + needed, use.needed) };
    if (use.quota === 'natGatewaysPerZone') {
      const here = same.filter(({ of }) => of === use.of);
      return { ...use, needed: here.reduce((sum, { needed }) => sum + needed, use.needed) };
    }
    return same.reduce((most, each) => (each.needed > most.needed ? each : most), use);
  });
}

/** Uses over what a new account has, and that AWS raises on request. */
export function overDefault(uses: readonly QuotaUse[]): QuotaUse[] {
  return uses.filter((use) => use.needed > quotas[use.quota].byDefault && !isOverLimit(use));
}

/** Whether no raise is enough. */
export function isOverLimit({ quota, needed }: Pick<QuotaUse, 'quota' | 'needed'>): boolean {
  const { most = Infinity }: Quota = quotas[quota];
  return needed > most;
}

/** Types that a quota counts one by one, per account and region. */
const perRegion: Readonly<Record<string, QuotaName>> = {
  aws_vpc: 'vpcs',
  aws_internet_gateway: 'internetGateways',
  aws_eip: 'elasticIps',
  aws_ec2_transit_gateway: 'hubs',
  aws_vpn_connection: 'vpnConnections',
  aws_customer_gateway: 'customerGateways',
  aws_lb_target_group: 'targetGroups',
  aws_acm_certificate: 'certificates',
  aws_route53_health_check: 'healthChecks',
  aws_route53_zone: 'hostedZones',
  aws_route53_resolver_endpoint: 'resolverEndpoints',
  aws_route53_resolver_rule: 'resolverRules',
  aws_route53_resolver_firewall_domain_list: 'firewallLists',
  aws_iam_role: 'roles',
  aws_iam_policy: 'managedPolicies',
  aws_iam_openid_connect_provider: 'identityProviders',
  aws_rds_cluster: 'databaseClusters',
  aws_rds_cluster_instance: 'databaseInstances',
  aws_db_instance: 'databaseInstances',
  aws_cloudwatch_log_resource_policy: 'logPolicies',
  aws_cloudfront_distribution: 'distributions',
};

/** Types that a quota counts per other resource: the argument that names that one. */
const perResource: Readonly<Record<string, readonly [QuotaName, argument: string]>> = {
  aws_subnet: ['subnetsPerVpc', 'vpc_id'],
  aws_route_table: ['routeTablesPerVpc', 'vpc_id'],
  aws_route: ['routesPerTable', 'route_table_id'],
  aws_ec2_transit_gateway_route_table: ['hubTables', 'transit_gateway_id'],
  aws_ec2_transit_gateway_vpc_attachment: ['hubAttachments', 'transit_gateway_id'],
  aws_lb_listener: ['listenersPerBalancer', 'load_balancer_arn'],
  aws_lb_listener_rule: ['listenerRules', 'listener_arn'],
  aws_route53_resolver_firewall_rule: ['firewallRules', 'firewall_rule_group_id'],
  aws_route53_resolver_firewall_rule_group_association: ['firewallGroupsPerVpc', 'vpc_id'],
  aws_iam_role_policy_attachment: ['policiesPerRole', 'role'],
};

type Identify = (resource: PlacedResource, value: unknown) => string;

function count(
  resource: PlacedResource,
  all: readonly PlacedResource[],
  identify: Identify,
  prefixLists: ReadonlyMap<string, number>,
): Counted[] {
  const { type, body } = resource;
  const counted: Counted[] = [];
  const add = (quota: QuotaName, amount?: number, per?: string) =>
    counted.push({
      quota,
      resource,
      ...(per === undefined ? {} : { per }),
      ...(amount === undefined ? {} : { amount }),
    });
  const own = addressOf(resource);
  const lists = (argument: string) => (Array.isArray(body[argument]) ? (body[argument] as unknown[]) : []);

  const region = perRegion[type];
  if (region) add(region);
  const other = perResource[type];
  if (other) add(other[0], 1, identify(resource, body[other[1]]));

  switch (type) {
    case 'aws_vpc_endpoint':
      if (body['vpc_endpoint_type'] === 'Gateway') add('gatewayEndpoints');
      else add('interfaceEndpoints', 1, identify(resource, body['vpc_id']));
      break;
    case 'aws_nat_gateway':
      add('natGatewaysPerZone', 1, zoneOfSubnet(resource, all));
      break;
    case 'aws_network_acl':
      for (const direction of ['ingress', 'egress']) add('aclRules', lists(direction).length, `${direction} of ${own}`);
      break;
    case 'aws_vpc_security_group_ingress_rule':
    case 'aws_vpc_security_group_egress_rule': {
      const direction = type.includes('ingress') ? 'ingress' : 'egress';
      const weight = prefixLists.get(String(body['prefix_list_id'])) ?? 1;
      add('groupRules', weight, `${direction} of ${identify(resource, body['security_group_id'])}`);
      break;
    }
    case 'aws_ram_resource_association':
      if (String(body['resource_arn']).includes('aws_subnet.')) add('sharedSubnets');
      break;
    case 'aws_ec2_transit_gateway_peering_attachment':
    case 'aws_ec2_transit_gateway_peering_attachment_accepter': {
      const gateway = body['transit_gateway_id'] ?? body['transit_gateway_attachment_id'];
      for (const quota of ['hubPeerings', 'hubAttachments'] as const) add(quota, 1, identify(resource, gateway));
      break;
    }
    case 'aws_vpn_connection':
      if (body['transit_gateway_id']) add('hubAttachments', 1, identify(resource, body['transit_gateway_id']));
      break;
    case 'aws_ec2_transit_gateway_route':
      // The tables of one gateway share the quota: an account has one gateway per region in this estate.
      add('hubRoutes');
      break;
    case 'aws_lb':
      add(body['load_balancer_type'] === 'application' ? 'applicationBalancers' : 'networkBalancers');
      add('groupsPerInterface', lists('security_groups').length, own);
      break;
    case 'aws_launch_template':
      add('groupsPerInterface', lists('vpc_security_group_ids').length, own);
      break;
    case 'aws_lb_listener_rule':
      add('ruleConditions', conditionValues(lists('condition')), own);
      break;
    case 'aws_acm_certificate':
      add('certificateNames', 1 + lists('subject_alternative_names').length, own);
      break;
    case 'aws_route53_resolver_endpoint':
      add('resolverAddresses', lists('ip_address').length, own);
      break;
    case 'aws_route53_resolver_firewall_domain_list':
      add('firewallDomains', lists('domains').length);
      break;
    case 'aws_iam_role':
      add('policiesPerRole', lists('managed_policy_arns').length, own);
      break;
    case 'aws_lambda_function':
      if (reservedOf(resource) > 0) add('functionConcurrency', reservedOf(resource) + unreservedFor(resource, all));
      break;
    case 'aws_autoscaling_group':
      add('standardVcpus', Number(body['max_size'] ?? 0) * (vcpusOf(instanceTypeOf(resource, all)) ?? 0));
      break;
  }
  return counted.filter(({ amount }) => amount !== 0);
}

const reservedOf = ({ type, body }: PlacedResource) =>
  type === 'aws_lambda_function' ? Number(body['reserved_concurrent_executions'] ?? 0) : 0;

/**
 * Executions that Lambda keeps for functions without a reservation: it refuses one that leaves fewer
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html). Counted with the first function of a place.
 */
function unreservedFor(resource: PlacedResource, all: readonly PlacedResource[]): number {
  const { account, awsRegion } = resource;
  const first = all.find((each) => reservedOf(each) > 0 && each.account === account && each.awsRegion === awsRegion);
  return first === resource ? 100 : 0;
}

/** Instance type of the launch template that a group of instances uses. */
function instanceTypeOf(group: PlacedResource, all: readonly PlacedResource[]): string {
  const template = /aws_launch_template\.([\w-]+)/.exec(JSON.stringify(group.body['launch_template'] ?? ''))?.[1];
  const found = all.find(
    ({ stack, type, name }) => stack === group.stack && type === 'aws_launch_template' && name === template,
  );
  return String(found?.body['instance_type'] ?? '');
}

function zoneOfSubnet({ stack, body }: PlacedResource, all: readonly PlacedResource[]): string {
  const name = /aws_subnet\.([\w-]+)/.exec(String(body['subnet_id']))?.[1];
  const subnet = all.find((each) => each.stack === stack && each.type === 'aws_subnet' && each.name === name);
  return String(subnet?.body['availability_zone_id'] ?? subnet?.body['availability_zone'] ?? body['subnet_id']);
}

/** Values of all conditions of a listener rule; a query string counts for each pair. */
function conditionValues(conditions: unknown): number {
  if (Array.isArray(conditions)) return conditions.reduce<number>((sum, each) => sum + conditionValues(each), 0);
  if (typeof conditions !== 'object' || conditions === null) return 0;
  return Object.entries(conditions).reduce((sum, [name, value]) => {
    if (name === 'values' && Array.isArray(value)) return sum + value.length;
    if (name === 'query_string' && Array.isArray(value)) return sum + value.length;
    return sum + conditionValues(value);
  }, 0);
}

/** One word for a resource, whichever stack names it: outputs of other stacks are followed to the resource that they name. */
function identifierOf(stacks: readonly PlacedStack[]): Identify {
  const outputs = new Map(stacks.map(({ stack, configuration }) => [stack.stack, configuration.output ?? {}]));
  const read = /^\$\{data\.terraform_remote_state\.([\w-]+)\.outputs\.(\w+)(?:\.([\w-]+)|\["([^"]+)"\])?\}$/;
  const identify = (stack: string, value: unknown, depth = 0): string => {
    const text = String(value);
    const [, from, field, word, quoted] = read.exec(text) ?? [];
    if (from !== undefined && depth < 5) {
      const published = outputs.get(from)?.[field!]?.value;
      const key = word ?? quoted;
      const target =
        key === undefined ? published : (published as Readonly<Record<string, unknown>> | undefined)?.[key];
      if (target !== undefined) return identify(from, target, depth + 1);
    }
    const address = /^\$\{(aws_\w+\.[\w-]+)\.\w+\}$/.exec(text)?.[1];
    return `${address ?? text} of ${stack}`;
  };
  return ({ stack }, value) => identify(stack, value);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
