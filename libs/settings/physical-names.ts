import type { Environment } from './environment';
import type { Problem } from './problem';
import { reservedBucketName, reservedBuckets, type ReservedBucket } from './reserved-buckets';
import { environmentsOf, inRegion, inSettings, repeated, type SettingsInput } from './settings-input';

/*
 * Names that are unique across AWS or DNS. Stacks use these functions, and the check below compares the names of all
 * environments and regions, so it checks exactly the names that are created.
 */

type Named = Pick<Environment, 'organisation' | 'name'>;
type Domain = Pick<Environment, 'domain'>;

/** Name of one region's copy of a bucket: `example-prod-documents-us`. Bucket names are unique across AWS. */
export function bucketName({ organisation, name }: Named, bucket: string, regionKey: string): string {
  return `${organisation}-${name}-${bucket}-${regionKey}`;
}

/** End of the names of flow log buckets, for data buckets to stay apart. */
export const flowLogBucketEnd = '-flow-logs';

/** Name of the bucket with the flow logs of a VPC, the Transit Gateway (`hub`) or the inspection VPC (`inspection`). */
export function flowLogBucketName(environment: Named, of: string, regionKey: string): string {
  return bucketName(environment, `${of}${flowLogBucketEnd}`, regionKey);
}

/** The application behind the domain, the sites of the regions and the API. */
export const mainApplication = 'app';

/** Applications beside the one behind the domain, in the order of the settings. */
export function furtherApplications({ applications }: Pick<Environment, 'applications'>): string[] {
  return Object.keys(applications).filter((application) => application !== mainApplication);
}

/** Folder of an application in every region. */
export function applicationFolder(application: string): string {
  return application === mainApplication ? 'alb-asg-app' : application;
}

/** What the names of an application's resources begin with: `prod-app`. No other application's names begin so. */
export function applicationName({ name }: Pick<Named, 'name'>, application: string): string {
  return `${name}-${application}`;
}

/** Name of an application's internal network load balancer: `prod-nlb`, `prod-shop-nlb`. */
export function networkBalancerName({ name }: Pick<Named, 'name'>, application: string): string {
  return application === mainApplication ? `${name}-nlb` : `${name}-${application}-nlb`;
}

/** End of the names of buckets with the access logs of load balancers, for data buckets to stay apart. */
export const balancerLogBucketEnd = '-balancer-logs';

/** Name of the bucket with the access logs of an application's load balancers. */
export function balancerLogBucketName(environment: Named, application: string, regionKey: string): string {
  if (application === mainApplication) return reservedBucketName(environment, 'balancer-logs', regionKey);
  return bucketName(environment, `${application}${balancerLogBucketEnd}`, regionKey);
}

/** Name that clients of an application call at every level: `api.example.com`, `shop.example.com`. */
export function apiName({ domain }: Domain, application: string = mainApplication): string {
  return `${application === mainApplication ? 'api' : application}.${domain}`;
}

/**
 * Name by which distributions call the API, `origin-api.example.com`; it follows the health of regions by records. It is
 * separate so that load balancers can require the distributions' header for it, which clients of the API do not send.
 */
export function apiOriginName({ domain }: Domain, application: string = mainApplication): string {
  return `origin-${apiName({ domain }, application)}`;
}

/** How the records of a name choose among regions. */
export const recordPolicies = ['latency', 'failover'] as const;

/** Name of the record set that a name is an alias of: `latency.api.example.com`. */
export function recordSetName(policy: (typeof recordPolicies)[number], name: string): string {
  return `${policy}.${name}`;
}

/** Name of a region's website, served by that region's distribution: `us.example.com`. */
export function siteName({ domain }: Domain, regionKey: string): string {
  return `${regionKey}.${domain}`;
}

/**
 * Name of an application's load balancer in a region: `origin-us.example.com`, `origin-us-shop.example.com`.
 * Distributions and health checks use it, so that the load balancer's certificate matches and its AWS DNS name may
 * change.
 */
export function originName({ domain }: Domain, regionKey: string, application: string = mainApplication): string {
  return `origin-${regionKey}${application === mainApplication ? '' : `-${application}`}.${domain}`;
}

/** Name of the private hosted zone: `internal.example.com`. */
export function internalZoneName({ domain }: Domain): string {
  return `internal.${domain}`;
}

/** DNS name of the endpoint service that a region offers: `link-us.example.com`. */
export function offeredServiceName({ domain }: Domain, regionKey: string): string {
  return `link-${regionKey}.${domain}`;
}

/** A globally unique name, and the setting that it comes from. */
export interface GlobalName {
  readonly kind: 'bucket' | 'DNS name';
  readonly name: string;
  /** The resource, for messages about another one: `the bucket documents in us`. */
  readonly what: string;
  readonly environment: string;
  /** The setting: `infra.config.ts: environments.prod.dataStores.buckets.documents`. */
  readonly where: string;
}

/** Every bucket and DNS name of all environments and regions, also those of higher levels. */
export function globalNames(input: SettingsInput): GlobalName[] {
  const { organisation } = input.settings;
  return environmentsOf(input).flatMap(([name, { domain, dataStores, applications }]) => {
    const at = (path: string) => inSettings(input, `environments.${name}${path}`);
    const bucket = (given: string, what: string, where: string): GlobalName => ({
      kind: 'bucket',
      name: given,
      what,
      environment: name,
      where,
    });
    const dnsName = (given: string, what: string): GlobalName => ({
      kind: 'DNS name',
      name: given,
      what,
      environment: name,
      where: at('.domain'),
    });
    const common = [apiName({ domain }), apiOriginName({ domain })];
    const ofApplication = (application: string): GlobalName[] => {
      const where = at(`.applications.${application}`);
      const names = [apiName({ domain }, application), apiOriginName({ domain }, application)];
      return [
        ...input.regions.map(({ key }) =>
          bucket(
            balancerLogBucketName({ organisation, name }, application, key),
            `the bucket of the access logs of ${application} in ${key}`,
            where,
          ),
        ),
        ...[
          ...names,
          ...names.flatMap((each) => recordPolicies.map((policy) => recordSetName(policy, each))),
          ...input.regions.map(({ key }) => originName({ domain }, key, application)),
        ].map((each) => ({ ...dnsName(each, `the application ${application}`), where })),
      ];
    };
    return [
      ...input.regions.flatMap((region) =>
        Object.keys(region.vpcs).map((vpc) =>
          bucket(
            flowLogBucketName({ organisation, name }, vpc, region.key),
            `the bucket of the flow logs of ${vpc} in ${region.key}`,
            inRegion(input, region, `vpcs.${vpc}`),
          ),
        ),
      ),
      ...input.regions.flatMap(({ key }) => [
        ...Object.keys(dataStores.buckets).map((each) =>
          bucket(
            bucketName({ organisation, name }, each, key),
            `the bucket ${each} in ${key}`,
            at(`.dataStores.buckets.${each}`),
          ),
        ),
        ...(Object.keys(reservedBuckets) as ReservedBucket[]).map((each) =>
          bucket(
            reservedBucketName({ organisation, name }, each, key),
            `the bucket of ${reservedBuckets[each]} in ${key}`,
            at(''),
          ),
        ),
      ]),
      dnsName(domain, 'the domain'),
      dnsName(internalZoneName({ domain }), 'the private zone'),
      ...common.map((each) => dnsName(each, 'the API')),
      ...common.flatMap((each) =>
        recordPolicies.map((policy) => dnsName(recordSetName(policy, each), "the API's record set")),
      ),
      ...input.regions.flatMap(({ key }) => [
        dnsName(siteName({ domain }, key), `the site of ${key}`),
        dnsName(originName({ domain }, key), `the load balancer of ${key}`),
        dnsName(offeredServiceName({ domain }, key), `the service that ${key} offers`),
      ]),
      ...furtherApplications({ applications }).flatMap(ofApplication),
    ];
  });
}

/** S3 user guide, "General purpose bucket naming rules". */
const reservedStarts = ['xn--', 'sthree-', 'amzn-s3-demo-'];
/** Characters of a bucket's name (the same page). */
const longestBucketName = 63;
const reservedEnds = ['-s3alias', '--ol-s3', '--x-s3', '--table-s3'];

/** Global names: no two environments or regions have the same one, and none is reserved. */
export function checkPhysicalNames(input: SettingsInput): Problem[] {
  const names = globalNames(input);
  const problems: Problem[] = repeated(names, ({ kind, name }) => `${kind} ${name}`)
    // Inside an environment other checks are more specific, except for applications: the estate's own buckets, a region
    // called api, equal domains.
    .filter(
      ([{ environment, where }, first]) =>
        where !== first.where && (environment !== first.environment || where.includes('.applications.')),
    )
    .filter(([{ what }, first]) => !(what === 'the domain' && first.what === 'the domain'))
    .map(([{ kind, name, what, where }, first]) => ({
      where,
      what: `${what} gets the ${kind} "${name}", which is that of ${first.what} (${first.where})`,
      remedy: 'give one of the two another name',
    }));
  for (const { kind, name, where } of names) {
    if (kind !== 'bucket') continue;
    // Data buckets have a check of their own.
    if (name.length > longestBucketName && where.includes(': vpcs.')) {
      problems.push({
        where,
        what: `the name of its flow logs' bucket, "${name}", has ${name.length} characters`,
        remedy: `use a shorter name of the VPC: a bucket's name has at most ${longestBucketName} characters`,
      });
    }
    const start = reservedStarts.find((text) => name.startsWith(text));
    const end = reservedEnds.find((text) => name.endsWith(text));
    if (start === undefined && end === undefined) continue;
    problems.push({
      where,
      what: `the bucket name "${name}" ${start === undefined ? `ends with ${end}` : `begins with ${start}`}, which S3 reserves`,
      remedy:
        start === undefined
          ? 'use another name of the bucket, or another region key'
          : 'use another name of the organisation',
    });
  }
  return atMostOnePerSetting(problems);
}

/** The same for every region of an environment. */
function atMostOnePerSetting(problems: readonly Problem[]): Problem[] {
  return problems.filter(({ where }, index) => problems.findIndex((other) => other.where === where) === index);
}
