import { costEstate, type CostLine } from '@platform/tools/actions/cost/cost-estate';
import { byUse, listPrices, priceText } from '@platform/tools/model/prices';
import { table } from '@platform/tools/session/table';
import { findRoot } from '@platform/tools/workspace/find-root';
import { chosenEnvironment, type EstateOptions } from './estate-options';
import { print, talk } from './output';

/** Prints what an environment costs a month by stack, owner and adoption level, and writes `dist/cost/<environment>`. */
export function costCommand(options: EstateOptions): number {
  const cost = costEstate({ root: findRoot(), ...chosenEnvironment(options) });
  if (options.json) {
    print(JSON.stringify(cost, null, 2));
    return 0;
  }
  const { stacks, owners, levels, total, assumptions, environment, level, mode } = cost;
  const part = (head: string, lines: readonly CostLine[]) =>
    table({
      head: [head, 'USD a month', 'of it unconfirmed', 'not in the sum'],
      rows: lines.map(({ name, usd, usdHigh, unconfirmed, unknown }) => [
        name,
        usdHigh === usd ? usd.toFixed(2) : `${usd.toFixed(2)} to ${usdHigh.toFixed(2)}`,
        sumOf(unconfirmed) === 0 ? '' : sumOf(unconfirmed).toFixed(2),
        unknownText(unknown),
      ]),
      numbers: [1, 2],
    });
  print(
    [
      part('stack', [...stacks, total]),
      part('owner', owners),
      part('level', levels),
      ...(Object.keys(total.unconfirmed).length > 0 ? [unconfirmedTable(total)] : []),
      ...(Object.keys(total.unknown).length > 0 ? [unknownTable(total)] : []),
    ].join('\n\n'),
  );
  for (const text of assumptions) talk(text);
  talk(`environment ${environment}, level ${level}, ${mode}; resources by type: dist/cost/${environment}/cost.json`);
  return 0;
}

const sumOf = (parts: Readonly<Record<string, number>>) => Object.values(parts).reduce((sum, each) => sum + each, 0);

function unconfirmedTable({ unconfirmed }: CostLine): string {
  return table({
    head: ['price that no source confirms', 'USD a month'],
    rows: Object.entries(unconfirmed).map(([price, usd]) => [price, usd.toFixed(2)]),
    numbers: [1],
  });
}

/** What has no price, and the prices of what is billed by use. */
function unknownTable({ unknown }: CostLine): string {
  return table({
    head: ['not in the sum', 'number', 'list price'],
    rows: Object.entries(unknown).map(([type, count]) => {
      const prices = listPrices.filter(({ key }) => byUse[type]?.includes(key));
      const known = prices.map((price) => `${priceText(price)}${price.region === '*' ? '' : ` in ${price.region}`}`);
      return [
        type,
        String(count),
        [...(type in byUse ? ['by use'] : []), ...(known.length > 0 ? known : ['unknown'])].join(', '),
      ];
    }),
    numbers: [1],
  });
}

/** `12 resources of 4 types` */
function unknownText(unknown: CostLine['unknown']): string {
  const types = Object.keys(unknown).length;
  const count = sumOf(unknown);
  if (count === 0) return '';
  return `${count} resource${count === 1 ? '' : 's'} of ${types} type${types === 1 ? '' : 's'}`;
}
