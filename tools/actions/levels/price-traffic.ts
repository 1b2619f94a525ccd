import type { ObjectivesSettings } from '@platform/libs/settings/objectives';
import type { StackJson } from '@platform/libs/testing/synthesised-stack';
import { listPrice } from '@platform/tools/model/prices';

/** Dollars a month that depend on the load, low to high, and what has no price. */
export interface TrafficCost {
  readonly low: number;
  readonly high: number;
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
  const dollars = (key: string, units: number) => {
    const price = listPrice(key, awsRegion);
    if (!price) unknown.add(key);
    return (price?.usd ?? 0) * units;
  };
  const of = (requests: number) => {
    const gigabytes = (requests * responseKb) / 1_000_000;
    if (!has('aws_cloudfront_distribution')) return dollars('internet-data', gigabytes);
    return (
      dollars('distribution-data', gigabytes * (1 - api)) +
      dollars('distribution-requests', (requests * (1 - api)) / 10_000) +
      dollars('internet-data', gigabytes * api)
    );
  };
  const [low, high] = [of(requestsPerMonth.low), of(requestsPerMonth.high)];
  if (has('aws_globalaccelerator_accelerator')) unknown.add('data of the accelerator');
  if (has('aws_vpc_endpoint_service')) unknown.add('data through the inspection');
  return { low, high, unknown: [...unknown] };
}
