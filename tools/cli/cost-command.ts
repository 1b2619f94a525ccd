import { costEstate, type CostLine } from '@platform/tools/actions/cost/cost-estate';
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
      head: [head, 'USD a month', 'not in the sum'],
      rows: lines.map(({ name, usd, unknown }) => [name, usd.toFixed(2), unknownText(unknown)]),
      numbers: [1],
    });
  print([part('stack', [...stacks, total]), part('owner', owners), part('level', levels)].join('\n\n'));
  for (const text of assumptions) talk(text);
  talk(`environment ${environment}, level ${level}, ${mode}; resources by type: dist/cost/${environment}/cost.json`);
  return 0;
}

/** `12 resources of 4 types` */
function unknownText(unknown: CostLine['unknown']): string {
  const types = Object.keys(unknown).length;
  const count = Object.values(unknown).reduce((sum, each) => sum + each, 0);
  if (count === 0) return '';
  return `${count} resource${count === 1 ? '' : 's'} of ${types} type${types === 1 ? '' : 's'}`;
}
