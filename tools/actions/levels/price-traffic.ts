import type { ObjectivesSettings } from '@platform/libs/settings/objectives';
import type { StackJson } from '@platform/libs/testing/synthesised-stack';
import { listPrice } from '@platform/tools/model/prices';

/** Dollars a month that depend on the load, low to high, and what has no price. */
export interface TrafficCost {
  readonly low: number;
  readonly high: number;
  /** Part of `low` that unconfirmed prices have. */
  readonly unconfirmed: number;
  readonly unknown: readonly string[];
}

/**
 * What clients' traffic costs at the edge: answers leave by CloudFront where there is a distribution, else by the load
 * balancers of the region. Without free tiers and volume discounts.
 */
export function priceTraffic(
  stacks: readonly StackJson[],
  { requestsPerMonth, responseKb, apiPercent }: ObjectivesSettings['traffic'],
  awsRegion: string,
): TrafficCost {
  const has = (type: string) => stacks.some(({ resource = {} }) => Object.keys(resource[type] ?? {}).length > 0);
  const api = apiPercent / 100;
  const unknown = new Set<string>();
  const priced = (key: string, units: number): Omit<TrafficCost, 'unknown'> => {
    const price = listPrice(key, awsRegion);
    if (!price) unknown.add(key);
    const low = (price?.usd ?? 0) * units;
    return {
      low,
      high: (price?.usdHigh ?? price?.usd ?? 0) * units,
      unconfirmed: price?.status === 'unconfirmed' ? low : 0,
    };
  };
  const of = (requests: number) => {
    const gigabytes = (requests * responseKb) / 1_000_000;
    if (!has('aws_cloudfront_distribution')) return sum([priced('internet-data', gigabytes)]);
    return sum([
      priced('distribution-data', gigabytes * (1 - api)),
      priced('distribution-requests', (requests * (1 - api)) / 10_000),
      priced('internet-data', gigabytes * api),
    ]);
  };
  const [quiet, busy] = [of(requestsPerMonth.low), of(requestsPerMonth.high)];
  if (has('aws_globalaccelerator_accelerator')) unknown.add('data of the accelerator');
  if (has('aws_vpc_endpoint_service')) unknown.add('data through the inspection');
  return { low: quiet.low, high: busy.high, unconfirmed: quiet.unconfirmed, unknown: [...unknown] };
}

function sum(parts: readonly Omit<TrafficCost, 'unknown'>[]): Omit<TrafficCost, 'unknown'> {
  const of = (figure: 'low' | 'high' | 'unconfirmed') => parts.reduce((total, part) => total + part[figure], 0);
  return { low: of('low'), high: of('high'), unconfirmed: of('unconfirmed') };
}
