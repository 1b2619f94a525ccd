import type { AvailabilityZone, EC2Client, ServiceDetail } from '@aws-sdk/client-ec2';
import type { RDSClient } from '@aws-sdk/client-rds';
import type { ClientOptions } from '@platform/tools/aws/client-options';
import type { Place } from '@platform/tools/model/needs';
import { collect, each, open, type Context } from './context';
import { answer, at, isMissing, type Finding, type Found } from './finding';

/** Fewest zones in which an instance type must be offered: with one, the loss of the zone stops the region. */
const FEWEST_ZONES = 2;

/** Whether the account knows each zone of the settings, and may use it. */
export async function checkZones(context: Context): Promise<Finding[]> {
  return each(zonesByPlace(context), async ({ place, zones }) => {
    const question = {
      check: 'zones',
      where: at(place),
      needed: zones.join(', '),
      actions: 'ec2:DescribeAvailabilityZones',
    };
    return answer(question, async () => {
      const known = await zonesOf(context, place);
      const found = known.map(({ ZoneId, ZoneName, State }) => `${ZoneId} (${ZoneName}) ${State}`).join(', ') || 'none';
      const missing = zones.filter(
        (zone) => !known.some(({ ZoneId, ZoneName }) => zone === ZoneId || zone === ZoneName),
      );
      if (missing.length > 0) {
        const remedy = `replace ${missing.join(', ')} in zones of the region's region.ts`;
        return { verdict: 'fails', found, remedy };
      }
      const unusable = known.filter(
        ({ ZoneId, ZoneName, State, OptInStatus }) =>
          (zones.includes(ZoneId ?? '') || zones.includes(ZoneName ?? '')) &&
          (State !== 'available' || OptInStatus === 'not-opted-in'),
      );
      if (unusable.length === 0) return { verdict: 'ok', found };
      const names = unusable.map(({ ZoneId, State, OptInStatus }) => `${ZoneId}: ${State}, ${OptInStatus}`).join('; ');
      return { verdict: 'fails', found: names, remedy: 'use other zones, or opt in to them' };
    });
  });
}

/** Whether each instance type is offered in the zones of its region. */
export async function checkInstanceTypes(context: Context): Promise<Finding[]> {
  const { EC2Client, paginateDescribeInstanceTypeOfferings } = await import('@aws-sdk/client-ec2');
  const places = zonesByPlace(context);
  return each(open(context, context.needs.instances), async (need) => {
    const zones = places.find(({ place }) => place.awsRegion === need.awsRegion)?.zones ?? [];
    const question = {
      check: 'instance type',
      where: at(need, need.instanceType),
      needed: `offered in ${zones.join(', ')}`,
      actions: 'ec2:DescribeInstanceTypeOfferings',
    };
    return answer(question, async () => {
      const client = new EC2Client(await context.clientOptions(need.role, need.awsRegion));
      const LocationType = zones.some(isZoneName) ? 'availability-zone' : 'availability-zone-id';
      const Filters = [{ Name: 'instance-type', Values: [need.instanceType] }];
      const offered = await collect(
        paginateDescribeInstanceTypeOfferings({ client }, { LocationType, Filters }),
        ({ InstanceTypeOfferings }) => InstanceTypeOfferings?.map(({ Location = '' }) => Location),
      );
      return offeredIn(zones, offered, 'another instance type in the settings, or other zones');
    });
  });
}

/** Compares where something is offered with where it is needed. */
function offeredIn(zones: readonly string[], offered: readonly string[], remedy: string): Found {
  const lacking = zones.filter((zone) => !offered.includes(zone));
  if (lacking.length === 0) return { verdict: 'ok', found: 'in all of them' };
  const left = zones.length - lacking.length;
  const found = offered.length === 0 ? 'offered nowhere in the region' : `not offered in ${lacking.join(', ')}`;
  if (left >= Math.min(FEWEST_ZONES, zones.length)) {
    return {
      verdict: 'note',
      found,
      remedy: `instances start in the other ${left} zones; for all zones use ${remedy}`,
    };
  }
  return { verdict: 'fails', found, remedy: `use ${remedy}` };
}

/** Whether each database class can be ordered with its engine, and the engine takes part in a global database. */
export async function checkDatabases(context: Context): Promise<Finding[]> {
  const { paginateDescribeOrderableDBInstanceOptions, RDSClient: Client } = await import('@aws-sdk/client-rds');
  return each(open(context, context.needs.databases), async (need) => {
    const { engine, version, instanceClass, global } = need;
    const question = {
      check: 'database',
      where: at(need),
      needed: `${engine} ${version}, ${instanceClass}${global ? ', global database' : ''}`,
      actions: 'rds:DescribeOrderableDBInstanceOptions',
    };
    return answer(question, async () => {
      const client = new Client(await context.clientOptions(need.role, need.awsRegion));
      const options = await collect(
        paginateDescribeOrderableDBInstanceOptions(
          { client },
          { Engine: engine, EngineVersion: version, DBInstanceClass: instanceClass, Vpc: true },
        ),
        ({ OrderableDBInstanceOptions }) => OrderableDBInstanceOptions,
      );
      if (options.length === 0) {
        const others = await classesAndVersions(client, engine, version);
        return {
          verdict: 'fails',
          found: others,
          remedy: 'use another engineVersion or instanceClass in dataStores.database',
        };
      }
      if (global && !options.some(({ SupportsGlobalDatabases }) => SupportsGlobalDatabases)) {
        const remedy = 'use an instanceClass that supports global databases, such as db.r7g.large';
        return { verdict: 'fails', found: 'no global database with this version and class', remedy };
      }
      const zones = new Set(options.flatMap(({ AvailabilityZones = [] }) => AvailabilityZones.map(({ Name }) => Name)));
      return { verdict: 'ok', found: `in ${zones.size} zones` };
    });
  });
}

/** Whether it is the version or the class that cannot be ordered. */
async function classesAndVersions(client: RDSClient, Engine: string, EngineVersion: string): Promise<string> {
  const { paginateDescribeDBEngineVersions } = await import('@aws-sdk/client-rds');
  const versions = await collect(paginateDescribeDBEngineVersions({ client }, { Engine }), (page) =>
    page.DBEngineVersions?.map((each) => each.EngineVersion ?? ''),
  );
  if (versions.includes(EngineVersion)) return 'the class cannot be ordered with this version';
  const [major] = EngineVersion.split('.');
  const near = versions.filter((version) => version.split('.')[0] === major);
  return `no version ${EngineVersion}; there are ${(near.length > 0 ? near : versions).join(', ') || 'none'}`;
}

/** Whether each cache engine exists in its version. */
export async function checkCaches(context: Context): Promise<Finding[]> {
  const { ElastiCacheClient, paginateDescribeCacheEngineVersions, paginateDescribeReservedCacheNodesOfferings } =
    await import('@aws-sdk/client-elasticache');
  return each(open(context, context.needs.caches), async (need) => {
    const question = {
      check: 'cache',
      where: at(need),
      needed: `${need.engine} ${need.version}, ${need.nodeType}`,
      actions: 'elasticache:DescribeCacheEngineVersions, elasticache:DescribeReservedCacheNodesOfferings',
    };
    return answer(question, async () => {
      const client = new ElastiCacheClient(await context.clientOptions(need.role, need.awsRegion));
      const versions = await collect(
        paginateDescribeCacheEngineVersions({ client }, { Engine: need.engine }),
        ({ CacheEngineVersions }) => CacheEngineVersions?.map(({ EngineVersion = '' }) => EngineVersion),
      );
      if (!versions.some((version) => version === need.version || version.startsWith(`${need.version}.`))) {
        const found = `no version ${need.version}; there are ${versions.join(', ') || 'none'}`;
        return { verdict: 'fails', found, remedy: 'use another engineVersion in dataStores.cache' };
      }
      // ElastiCache lists node types of a region only as reservations that it sells.
      const sold = await collect(
        paginateDescribeReservedCacheNodesOfferings({ client }, { CacheNodeType: need.nodeType }),
        (page) => page.ReservedCacheNodesOfferings,
      );
      if (sold.length > 0) return { verdict: 'ok', found: 'version and node type exist' };
      const remedy = 'check the node type in the ElastiCache user guide, "Supported node types"';
      return { verdict: 'note', found: 'no reservation is sold for the node type in this region', remedy };
    });
  });
}

/** Whether the service of each endpoint exists in its region, and in the zones of the subnets. */
export async function checkServices(context: Context): Promise<Finding[]> {
  const { EC2Client: Client } = await import('@aws-sdk/client-ec2');
  const places = zonesByPlace(context);
  return each(open(context, groupedServices(context)), async ({ services, ...place }) => {
    const question = {
      check: 'endpoint service',
      where: at(place),
      needed: `${services.length} services`,
      actions: 'ec2:DescribeVpcEndpointServices',
    };
    return answer(question, async () => {
      const client = new Client(await context.clientOptions(place.role, place.awsRegion));
      const details = await endpointServices(
        client,
        services.map(({ service }) => service),
      );
      const zones = places.find(({ place: { awsRegion } }) => awsRegion === place.awsRegion)?.zones ?? [];
      const known = await zonesOf(context, place);
      const found = services.flatMap(({ service, kind }): Found[] => {
        const kindOf = kind === 'gateway' ? 'Gateway' : 'Interface';
        const detail = details.find(
          ({ ServiceName, ServiceType }) =>
            ServiceName === service && (ServiceType ?? []).some((each) => each.ServiceType === kindOf),
        );
        if (!detail) {
          const remedy = `remove it from privateLink in infra.config.ts`;
          return [{ verdict: 'fails', found: `no ${kind} service ${service}`, remedy }];
        }
        if (kind === 'gateway') return [];
        const { AvailabilityZones = [], AvailabilityZoneIds = [] } = detail;
        const offered = [...AvailabilityZones, ...AvailabilityZoneIds];
        const lacking = zones.filter((zone) => !namesOf(zone, known).some((name) => offered.includes(name)));
        if (lacking.length === 0) return [];
        const remedy = 'leave these zones out for the service';
        return [{ verdict: 'fails', found: `${service} is not in ${lacking.join(', ')}`, remedy }];
      });
      return found.length > 0 ? found : { verdict: 'ok', found: 'all in all zones' };
    });
  });
}

/** The SDK has no paginator for this call. */
async function endpointServices(client: EC2Client, names: readonly string[]): Promise<ServiceDetail[]> {
  const { DescribeVpcEndpointServicesCommand } = await import('@aws-sdk/client-ec2');
  const details: ServiceDetail[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(
      new DescribeVpcEndpointServicesCommand({
        Filters: [{ Name: 'service-name', Values: [...names] }],
        ...(NextToken ? { NextToken } : {}),
      }),
    );
    details.push(...(page.ServiceDetails ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return details;
}

/** Whether each image exists, and the parameter that names it. */
export async function checkImages(context: Context): Promise<Finding[]> {
  return each(open(context, context.needs.images), async (need) => {
    const byParameter = need.image.startsWith('/');
    const question = {
      check: 'image',
      where: at(need, need.image),
      needed: 'an image that can be started',
      actions: byParameter ? 'ssm:GetParameter' : 'ec2:DescribeImages',
    };
    return answer(question, async () => {
      const options = await context.clientOptions(need.role, need.awsRegion);
      const image = byParameter ? await parameterOf(options, need.image) : need.image;
      if (image === undefined) {
        const remedy = 'create the parameter, or write another image into the settings';
        return { verdict: 'fails', found: 'no such parameter', remedy };
      }
      const { DescribeImagesCommand, EC2Client } = await import('@aws-sdk/client-ec2');
      // Of many ids, an unknown one is an error; of a filter, it is not.
      const Filters = [{ Name: 'image-id', Values: [image] }];
      const { Images = [] } = await new EC2Client(options).send(new DescribeImagesCommand({ Filters }));
      if (Images[0]?.State === 'available') return { verdict: 'ok', found: image };
      const found = `${image} ${Images[0]?.State ?? 'does not exist, or is not shared with the account'}`;
      return { verdict: 'fails', found, remedy: 'build the image again, or share it with the account' };
    });
  });
}

async function parameterOf(options: ClientOptions, Name: string): Promise<string | undefined> {
  const { GetParameterCommand, SSMClient } = await import('@aws-sdk/client-ssm');
  try {
    return (await new SSMClient(options).send(new GetParameterCommand({ Name }))).Parameter?.Value;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function zonesByPlace(context: Context): { place: Place; zones: string[] }[] {
  const byPlace = new Map<string, { place: Place; zones: string[] }>();
  for (const { zone, ...place } of open(context, context.needs.zones)) {
    const key = JSON.stringify(place);
    byPlace.set(key, { place, zones: [...(byPlace.get(key)?.zones ?? []), zone] });
  }
  return [...byPlace.values()];
}

function groupedServices(context: Context) {
  const byPlace = new Map<string, Place & { services: { service: string; kind: 'interface' | 'gateway' }[] }>();
  for (const { service, kind, ...place } of context.needs.services) {
    const key = JSON.stringify(place);
    byPlace.set(key, { ...place, services: [...(byPlace.get(key)?.services ?? []), { service, kind }] });
  }
  return [...byPlace.values()];
}

async function zonesOf(context: Context, { role, awsRegion }: Place): Promise<AvailabilityZone[]> {
  const { DescribeAvailabilityZonesCommand, EC2Client } = await import('@aws-sdk/client-ec2');
  const client = new EC2Client(await context.clientOptions(role, awsRegion));
  return (await client.send(new DescribeAvailabilityZonesCommand({}))).AvailabilityZones ?? [];
}

/** Id and name of a zone, whichever of them is given. */
function namesOf(zone: string, known: readonly AvailabilityZone[]): string[] {
  const found = known.find(({ ZoneId, ZoneName }) => ZoneId === zone || ZoneName === zone);
  return [zone, ...(found?.ZoneId ? [found.ZoneId] : []), ...(found?.ZoneName ? [found.ZoneName] : [])];
}

/** `us-east-1a`, where an id is `use1-az1`. */
function isZoneName(zone: string): boolean {
  return /^[a-z]{2}(-[a-z]+)+-\d+[a-z]$/.test(zone);
}
