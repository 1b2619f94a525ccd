import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { ListPrice } from '@platform/tools/model/prices';
import { readPriceList, usageOf, type Usage } from './price-list';

/** Where AWS publishes its price list, without credentials. */
const publicList = 'https://pricing.us-east-1.amazonaws.com';

export interface UpdatePricesOptions {
  /** Workspace root. */
  readonly root: string;
  /** AWS's names of the regions of the estate. */
  readonly regions: readonly string[];
  /** Default: {@link publicList}. */
  readonly endpoint?: string;
  /** `2026-11-30`. Default: today, UTC. */
  readonly today?: string;
  readonly progress?: (text: string) => void;
}

export interface UpdatedPrices {
  readonly updated: readonly string[];
  /** Rows that the list has not, or whose line is not known; they stay. */
  readonly left: readonly string[];
}

/**
 * Takes current prices of the regions of the estate into `tools/model/prices.json`. Writes when all lists are read.
 * @throws Error where a list cannot be read, with its address
 */
export async function updatePrices(options: UpdatePricesOptions): Promise<UpdatedPrices> {
  const { root, regions, endpoint = publicList, progress = () => {} } = options;
  const { today = new Date().toISOString().slice(0, 10) } = options;
  const file = join(root, 'tools', 'model', 'prices.json');
  const rows = JSON.parse(readFileSync(file, 'utf8')) as ListPrice[];
  const keys = [...new Set(rows.map(({ key }) => key))];
  const byService = new Map<string, Map<string, Usage>>();
  for (const key of keys) {
    const usage = usageOf(key);
    if (!usage) continue;
    byService.set(usage.service, (byService.get(usage.service) ?? new Map<string, Usage>()).set(key, usage));
  }
  const fresh = new Map<string, ListPrice>();
  for (const [service, wanted] of byService) {
    for (const region of regions) {
      const url = `${endpoint}/offers/v1.0/aws/${service}/current/${region}/index.csv`;
      progress(`reading ${url}`);
      const found = await readPriceList(linesOf(await fetched(url)), wanted);
      for (const [key, usd] of found) {
        const unit = rows.find((row) => row.key === key)!.unit;
        fresh.set(`${key} ${region}`, {
          key,
          unit,
          region,
          usd,
          date: today,
          source: url,
          kind: 'list price',
          status: 'confirmed',
        });
      }
    }
  }
  const kept = rows.filter(({ key, region }) => !fresh.has(`${key} ${region}`));
  const all = [...kept, ...fresh.values()].sort(
    (a, b) => keys.indexOf(a.key) - keys.indexOf(b.key) || b.region.localeCompare(a.region),
  );
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
  return { updated: [...fresh.keys()], left: kept.map(({ key, region }) => `${key} ${region}`) };
}

async function fetched(url: string): Promise<ReadableStream> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    throw new Error(
      `${url}: cannot be reached (${String((error as Error).cause ?? error)}); check the network, prices.json is unchanged`,
    );
  }
  if (!response.ok || !response.body) {
    throw new Error(`${url}: answers ${response.status}; check the region, prices.json is unchanged`);
  }
  return response.body as ReadableStream;
}

function linesOf(body: ReadableStream): AsyncIterable<string> {
  return createInterface({ input: Readable.fromWeb(body), crlfDelay: Infinity });
}
