import { updatePrices } from '@platform/tools/actions/prices/update-prices';
import { listPrices } from '@platform/tools/model/prices';
import { table } from '@platform/tools/session/table';
import { findRoot } from '@platform/tools/workspace/find-root';
import { loadSettings } from '@platform/tools/workspace/load-estate';
import { print, talk } from './output';

export interface PricesOptions {
  readonly update?: boolean;
  readonly json?: boolean;
}

/** Prints the price table, or takes current prices into it. */
export async function pricesCommand({ update, json }: PricesOptions): Promise<number> {
  if (!update) {
    const rows = listPrices.map(({ key, unit, region, usd, usdHigh, date, source, status }) => [
      key,
      usdHigh === undefined ? String(usd) : `${usd} to ${usdHigh}`,
      unit,
      region,
      date,
      status,
      source,
    ]);
    print(
      json
        ? JSON.stringify(listPrices, null, 2)
        : table({
            head: ['price', 'USD', 'per', 'region', 'date', 'status', 'source'],
            rows,
            numbers: [1],
          }),
    );
    const unconfirmed = listPrices.filter(({ status }) => status === 'unconfirmed').length;
    talk(
      `${unconfirmed} of ${listPrices.length} prices are unconfirmed: no source was found. \`npx platform prices --update\` takes current ones from AWS's list`,
    );
    return 0;
  }
  const root = findRoot();
  const regions = [...new Set(loadSettings(root).regions.map(({ awsRegion }) => awsRegion))];
  const { updated, left } = await updatePrices({ root, regions, progress: talk });
  print(json ? JSON.stringify({ updated, left }, null, 2) : updated.join('\n'));
  talk(`${updated.length} prices updated in tools/model/prices.json, ${left.length} left as they are`);
  return 0;
}
