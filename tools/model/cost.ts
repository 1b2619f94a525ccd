import type { Configuration } from './configuration';
import { byUse, HOURS, listPrice, prices, unpriced, type ListPrice, type Price } from './prices';

/** What the resources of a configuration cost. */
export interface MonthlyCost {
  /** US dollars a month of what has a price; the lowest one where sources differ. */
  readonly usd: number;
  /** With the highest one. */
  readonly usdHigh: number;
  /** Part of `usd` that unconfirmed prices have, by key and region: `vpn-connection ap-northeast-2`. */
  readonly unconfirmed: ReadonlyMap<string, number>;
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
  let usdHigh = 0;
  const unconfirmed = new Map<string, number>();
  const unknown = new Map<string, number>();
  for (const [type, blocks] of Object.entries(configuration.resource ?? {})) {
    for (const block of Object.values(blocks)) {
      const region = regions.get(String(block['provider'] ?? '')) ?? awsRegion;
      const cost = costOf(type, completed(type, block, configuration), region, zones.get(region));
      if (cost === undefined) {
        unknown.set(type, (unknown.get(type) ?? 0) + 1);
        continue;
      }
      for (const { price, units } of cost) {
        usd += price.usd * units;
        usdHigh += (price.usdHigh ?? price.usd) * units;
        if (price.status === 'confirmed' || units === 0) continue;
        const name = `${price.key} ${region}`;
        unconfirmed.set(name, (unconfirmed.get(name) ?? 0) + price.usd * units);
      }
    }
  }
  return { usd, usdHigh, unconfirmed, unknown };
}

/** Units a month and their price. */
interface Item {
  readonly price: ListPrice;
  readonly units: number;
}

/** What a resource is billed for; undefined where it is billed and a price is unknown. */
function costOf(type: string, block: Block, region: string, zones: number | undefined): Item[] | undefined {
  const rows = prices.filter((row) => row.type === type && (!row.only || isEqual(block[row.only[0]], row.only[1])));
  if (rows.length === 0) return type in byUse || unpriced.includes(type) ? undefined : [];
  const items = rows.map((row): Item | undefined => {
    const price = unitPrice(row, block, region);
    const units = unitsOf(row, block, zones);
    if (price === undefined || units === undefined) return undefined;
    return { price, units: units * (price.unit === 'hour' ? HOURS : 1) };
  });
  const known = items.filter((item) => item !== undefined);
  return known.length === items.length ? known : undefined;
}

function unitPrice({ key, classArgument }: Price, block: Block, region: string): ListPrice | undefined {
  return listPrice(classArgument === undefined ? key : `${key}:${String(block[classArgument])}`, region);
}

function unitsOf(price: Price, block: Block, zones: number | undefined): number | undefined {
  const count = countOf(price, block, zones);
  if (count === undefined || price.sizeArgument === undefined) return count;
  const size = Number(block[price.sizeArgument]);
  return Number.isFinite(size) ? count * size : undefined;
}

function countOf({ countArgument }: Price, block: Block, zones: number | undefined): number | undefined {
  if (countArgument === undefined) return 1;
  const value = block[countArgument];
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null) return 1;
  if (['subnet_ids', 'subnets'].includes(countArgument) && typeof value === 'string') return zones;
  // Any other expression is known when it is applied.
  return typeof value === 'number' ? value : undefined;
}

const isEqual = (given: unknown, wanted: unknown) => given === wanted || String(given) === String(wanted);

/** A block with the defaults that its price depends on, and what it takes from its launch template or task definition. */
function completed(type: string, block: Block, { resource = {} }: Configuration): Block {
  if (type === 'aws_lb') return { load_balancer_type: 'application', ...block };
  if (type === 'aws_vpc_endpoint') return { vpc_endpoint_type: 'Gateway', ...block };
  if (type === 'aws_synthetics_canary') return { ...block, runs: runsOf(first(block['schedule'])?.['expression']) };
  if (type === 'aws_autoscaling_group') {
    const template = named('aws_launch_template', block['launch_template']);
    return { ...block, instance_type: template?.['instance_type'] };
  }
  if (type === 'aws_ecs_service') {
    const task = named('aws_ecs_task_definition', block['task_definition']);
    return {
      ...block,
      cpu_architecture: first(task?.['runtime_platform'])?.['cpu_architecture'] ?? 'X86_64',
      vcpus: Number(task?.['cpu']) / 1024,
      memory_gb: Number(task?.['memory']) / 1024,
    };
  }
  return block;

  function named(of: string, expression: unknown): Block | undefined {
    const [, name] = new RegExp(`${of}\\.([\\w-]+)\\.`).exec(JSON.stringify(expression ?? '')) ?? [];
    return name === undefined ? undefined : resource[of]?.[name];
  }
}

const first = (block: unknown) => [block].flat()[0] as Block | undefined;

/** Runs a month of `rate(5 minutes)`; undefined for a schedule of another form. */
function runsOf(expression: unknown): number | undefined {
  const [, number, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(String(expression)) ?? [];
  if (number === undefined) return undefined;
  // `rate(0 minutes)` runs once, when it is started.
  return Number(number) === 0 ? 0 : (HOURS * (unit === 'minute' ? 60 : 1)) / Number(number);
}
