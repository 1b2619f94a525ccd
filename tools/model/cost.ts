import type { Configuration } from './configuration';
import { byUse, HOURS, listPrice, prices, unpriced, type ListPrice, type Price } from './prices';

/** What the resources of a configuration cost. */
export interface MonthlyCost {
  /** US dollars a month of what has a price. */
  readonly usd: number;
  /** Number of resources by type that are billed and have no price, or one by use. */
  readonly unknown: ReadonlyMap<string, number>;
}

type Block = Readonly<Record<string, unknown>>;

/**
 * @param awsRegion of the resources of the default provider
 * @param zones availability zones of each AWS region: subnets that another stack publishes count as one in each
 */
export function costOfConfiguration(
  configuration: Configuration,
  awsRegion: string,
  zones: ReadonlyMap<string, number> = new Map(),
): MonthlyCost {
  const regions = new Map(
    (configuration.provider?.['aws'] ?? []).flatMap(({ alias, region }): [string, string][] =>
      alias === undefined || typeof region !== 'string' ? [] : [[`aws.${alias}`, region]],
    ),
  );
  let usd = 0;
  const unknown = new Map<string, number>();
  for (const [type, blocks] of Object.entries(configuration.resource ?? {})) {
    for (const block of Object.values(blocks)) {
      const region = regions.get(String(block['provider'] ?? '')) ?? awsRegion;
      const cost = costOf(type, completed(type, block, configuration), region, zones.get(region));
      if (cost === undefined) unknown.set(type, (unknown.get(type) ?? 0) + 1);
      else usd += cost;
    }
  }
  return { usd, unknown };
}

/** Dollars a month; undefined where a resource is billed and its price is unknown. */
function costOf(type: string, block: Block, region: string, zones: number | undefined): number | undefined {
  const rows = prices.filter((row) => row.type === type && (!row.only || isEqual(block[row.only[0]], row.only[1])));
  if (rows.length === 0) return byUse.includes(type) || unpriced.includes(type) ? undefined : 0;
  return rows.reduce<number | undefined>((sum, row) => {
    const unit = unitPrice(row, block, region);
    const units = unitsOf(row, block, zones);
    if (sum === undefined || unit === undefined || units === undefined) return undefined;
    return sum + unit.usd * units * (unit.unit === 'hour' ? HOURS : 1);
  }, 0);
}

function unitPrice({ key, classArgument }: Price, block: Block, region: string): ListPrice | undefined {
  return listPrice(classArgument === undefined ? key : `${key}:${String(block[classArgument])}`, region);
}

function unitsOf({ countArgument }: Price, block: Block, zones: number | undefined): number | undefined {
  if (countArgument === undefined) return 1;
  const value = block[countArgument];
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null) return 1;
  if (countArgument === 'subnet_ids' && typeof value === 'string') return zones;
  // Any other expression is known when it is applied.
  return typeof value === 'number' ? value : undefined;
}

const isEqual = (given: unknown, wanted: unknown) => given === wanted || String(given) === String(wanted);

/** A block with the defaults that its price depends on, and what it takes from its launch template. */
function completed(type: string, block: Block, { resource = {} }: Configuration): Block {
  if (type === 'aws_lb') return { load_balancer_type: 'application', ...block };
  if (type === 'aws_vpc_endpoint') return { vpc_endpoint_type: 'Gateway', ...block };
  if (type !== 'aws_autoscaling_group') return block;
  const [, name] = /aws_launch_template\.([\w-]+)\./.exec(JSON.stringify(block['launch_template'] ?? '')) ?? [];
  const template = name === undefined ? undefined : resource['aws_launch_template']?.[name];
  return { ...block, instance_type: template?.['instance_type'] };
}
