import type { AccountRole } from '@platform/libs/settings/organisation';
import { nameLimits } from './aws-limits';
import { placedResources, type PlacedResource, type PlacedStack } from './placed-resources';
import { quotaUses, type QuotaUse } from './quota-use';

/** An AWS region of an account, and a role of the account that gives access to it. */
export interface Place {
  readonly role: AccountRole;
  readonly account: string;
  readonly awsRegion: string;
}

/** An Auto Scaling group's kind of instance. */
export interface InstanceNeed extends Place {
  readonly instanceType: string;
}

/** A class of database instance. */
export interface DatabaseNeed extends Place {
  readonly engine: string;
  readonly version: string;
  readonly instanceClass: string;
  /** Whether it belongs to a database that spans regions. */
  readonly global: boolean;
}

/** A node of a cache. */
export interface CacheNeed extends Place {
  readonly engine: string;
  readonly version: string;
  readonly nodeType: string;
}

/** A name that must be free before the stack is deployed for the first time. */
export interface NameNeed extends Place {
  readonly stack: string;
  readonly type: string;
  readonly address: string;
  readonly name: string;
}

/** What the stacks of an environment take for granted in AWS. Lists are sorted and without repetitions. */
export interface Needs {
  /** Each account once, with its home region first. */
  readonly accounts: readonly Place[];
  /** Resource types by account id. */
  readonly types: ReadonlyMap<string, readonly string[]>;
  readonly quotas: readonly QuotaUse[];
  /** Zones of subnets, by id or name as the settings write them. */
  readonly zones: readonly (Place & { readonly zone: string })[];
  readonly instances: readonly InstanceNeed[];
  readonly databases: readonly DatabaseNeed[];
  readonly caches: readonly CacheNeed[];
  /** Services of interface and gateway endpoints, `com.amazonaws.<region>.<service>`. */
  readonly services: readonly (Place & { readonly service: string; readonly kind: 'interface' | 'gateway' })[];
  /** Parameters of Systems Manager that hold images, and ids of images. */
  readonly images: readonly (Place & { readonly image: string })[];
  readonly buckets: readonly NameNeed[];
  readonly names: readonly NameNeed[];
  readonly hostedZones: readonly (Place & { readonly domain: string })[];
  /** Domain names of certificates. */
  readonly certificates: readonly (Place & { readonly domain: string })[];
  /** Accounts that share with accounts of the organisation only. */
  readonly sharing: readonly Place[];
  /** Service-linked roles: `required` where a policy names the role, which must exist then. */
  readonly serviceRoles: readonly (Place & { readonly service: string; readonly required: boolean })[];
}

/**
 * Services that make a role for themselves with the first resource of a type (IAM user guide, "AWS services that work with
 * IAM"; the services' guides, "Using service-linked roles").
 */
const serviceOf: Readonly<Record<string, string>> = {
  aws_autoscaling_group: 'autoscaling.amazonaws.com',
  aws_lb: 'elasticloadbalancing.amazonaws.com',
  aws_rds_cluster: 'rds.amazonaws.com',
  aws_db_instance: 'rds.amazonaws.com',
  aws_elasticache_replication_group: 'elasticache.amazonaws.com',
  aws_ec2_transit_gateway: 'transitgateway.amazonaws.com',
  aws_dynamodb_table_replica: 'replication.dynamodb.amazonaws.com',
  aws_globalaccelerator_accelerator: 'globalaccelerator.amazonaws.com',
  aws_route53_resolver_query_log_config: 'route53resolver.amazonaws.com',
  aws_wafv2_web_acl_logging_configuration: 'wafv2.amazonaws.com',
};

/** The role that a service makes for itself. */
export const serviceRoleNames: Readonly<Record<string, string>> = {
  'autoscaling.amazonaws.com': 'AWSServiceRoleForAutoScaling',
  'elasticloadbalancing.amazonaws.com': 'AWSServiceRoleForElasticLoadBalancing',
  'rds.amazonaws.com': 'AWSServiceRoleForRDS',
  'elasticache.amazonaws.com': 'AWSServiceRoleForElastiCache',
  'transitgateway.amazonaws.com': 'AWSServiceRoleForVPCTransitGateway',
  'replication.dynamodb.amazonaws.com': 'AWSServiceRoleForDynamoDBReplication',
  'globalaccelerator.amazonaws.com': 'AWSServiceRoleForGlobalAccelerator',
  'route53resolver.amazonaws.com': 'AWSServiceRoleForRoute53Resolver',
  'wafv2.amazonaws.com': 'AWSServiceRoleForWAFV2Logging',
};

/** Types whose names the preflight can look up. */
export const checkedNames = [
  'aws_db_instance',
  'aws_dynamodb_table',
  'aws_elasticache_replication_group',
  'aws_iam_openid_connect_provider',
  'aws_iam_policy',
  'aws_iam_role',
  'aws_kms_alias',
  'aws_lb',
  'aws_lb_target_group',
  'aws_rds_cluster',
  'aws_rds_global_cluster',
  'aws_secretsmanager_secret',
] as const;

/** What stacks need of AWS, from their synthesised JSON. */
export function needsOf(stacks: readonly PlacedStack[], prefixLists: ReadonlyMap<string, number> = new Map()): Needs {
  const resources = stacks.flatMap(placedResources);
  const all = (...types: string[]) => resources.filter(({ type }) => types.includes(type));
  const documents = resources.map(({ account, body }) => ({ account, text: JSON.stringify(body) }));
  const isGlobal = all('aws_rds_global_cluster').length > 0;
  const databases = all('aws_rds_cluster_instance', 'aws_db_instance').map((resource) => ({
    ...placeOf(resource),
    engine: String(resource.body['engine']),
    version: String(resource.body['engine_version']),
    instanceClass: String(resource.body['instance_class']),
    global: isGlobal && resource.type === 'aws_rds_cluster_instance',
  }));
  return {
    accounts: placesOf(resources),
    types: typesOf(resources),
    quotas: quotaUses(stacks, prefixLists),
    zones: unique(
      all('aws_subnet').map((resource) => ({
        ...placeOf(resource),
        zone: String(resource.body['availability_zone_id'] ?? resource.body['availability_zone']),
      })),
    ),
    instances: unique(
      all('aws_launch_template').map((resource) => ({
        ...placeOf(resource),
        instanceType: String(resource.body['instance_type']),
      })),
    ),
    // A replica takes engine and version from its source.
    databases: unique(databases.filter(({ engine, version }) => engine !== 'undefined' && version !== 'undefined')),
    caches: unique(
      all('aws_elasticache_replication_group').flatMap((resource) => {
        const { engine = 'valkey', engine_version: version, node_type: nodeType } = resource.body;
        // A secondary of a global datastore has neither.
        if (typeof nodeType !== 'string') return [];
        return [{ ...placeOf(resource), engine: String(engine), version: String(version), nodeType }];
      }),
    ),
    services: unique(
      all('aws_vpc_endpoint').flatMap((resource) => {
        const service = String(resource.body['service_name']);
        if (!service.startsWith('com.amazonaws.')) return [];
        const kind = resource.body['vpc_endpoint_type'] === 'Gateway' ? ('gateway' as const) : ('interface' as const);
        return [{ ...placeOf(resource), service, kind }];
      }),
    ),
    images: unique(
      all('aws_launch_template').map((resource) => ({
        ...placeOf(resource),
        image: String(resource.body['image_id']).replace(/^resolve:ssm:/, ''),
      })),
    ),
    buckets: named(all('aws_s3_bucket')),
    names: named(all(...checkedNames)),
    hostedZones: unique(
      all('aws_route53_zone')
        .filter(({ body }) => body['vpc'] === undefined)
        .map((resource) => ({ ...placeOf(resource), domain: String(resource.body['name']) })),
    ),
    certificates: unique(
      all('aws_acm_certificate').map((resource) => ({
        ...placeOf(resource),
        domain: String(resource.body['domain_name']),
      })),
    ),
    sharing: placesOf(all('aws_ram_resource_share').filter(({ body }) => body['allow_external_principals'] === false)),
    serviceRoles: unique(
      all(...Object.keys(serviceOf)).map((resource) => {
        const service = serviceOf[resource.type]!;
        const role = serviceRoleNames[service]!;
        const named = ({ account, text }: { account: string; text: string }) =>
          account === resource.account && text.includes(`/${role}`);
        return { ...placeOf(resource), awsRegion: 'us-east-1', service, required: documents.some(named) };
      }),
    ),
  };
}

function placeOf({ role, account, awsRegion }: PlacedResource): Place {
  return { role, account, awsRegion };
}

/** The first place of each account. */
function placesOf(resources: readonly PlacedResource[]): Place[] {
  const first = new Map<string, Place>();
  for (const resource of resources) if (!first.has(resource.account)) first.set(resource.account, placeOf(resource));
  return [...first.values()].sort((a, b) => compare(a.account, b.account));
}

function typesOf(resources: readonly PlacedResource[]): Map<string, string[]> {
  const types = new Map<string, Set<string>>();
  for (const { account, type } of resources) {
    if (!type.startsWith('aws_')) continue;
    types.set(account, (types.get(account) ?? new Set()).add(type));
  }
  return new Map([...types].map(([account, each]) => [account, [...each].sort()]));
}

/** Resources whose names are known before the apply. */
function named(resources: readonly PlacedResource[]): NameNeed[] {
  return resources.flatMap((resource) => {
    const { stack, type, body } = resource;
    const name = type === 'aws_iam_openid_connect_provider' ? body['url'] : body[nameLimits[type]!.argument];
    if (typeof name !== 'string' || name.includes('${')) return [];
    return [{ ...placeOf(resource), stack, type, address: `${type}.${resource.name}`, name }];
  });
}

function unique<T extends object>(values: readonly T[]): T[] {
  const byText = new Map(values.map((value) => [JSON.stringify(value), value]));
  return [...byText].sort(([a], [b]) => compare(a, b)).map(([, value]) => value);
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
