import { statefulTypes } from '@platform/tools/model/stateful-types';
import type { LevelChange, LevelStep } from './level-plans';

/** A page that says what each step between levels changes, for people; regions that change alike stand in one line. */
export function levelReport(steps: readonly LevelStep[], environment: string): string {
  const up = steps.slice(0, steps.length / 2);
  const down = steps.slice(steps.length / 2);
  return [
    '# What each level changes',
    '',
    `Terraform plans each step for \`${environment}\` of the [example estate](decisions/tests-use-an-example-estate.md) in \`active-passive\`, on the state of the level before. A test compares this page with those plans. It also`,
    'checks that going up destroys and replaces only entries of Transit Gateway route tables and the rule that opens the load balancers to the internet. While',
    '`edgeSources.accelerator` is `not-yet`, that rule stays; it goes when the id is set. `active-active` gives the same changes: every run compares, and',
    '`npm test -- --all` plans it. To write this page: `WRITE_LEVELS=1 npx jest -c e2e/estate/jest.config.cjs level-plans`.',
    '',
    ...up.flatMap(({ from, to, changes }) => [
      `## ${from} → ${to}`,
      '',
      '| stack | created | changed | destroyed |',
      '|---|---|---|---|',
      ...rows(changes),
      '',
    ]),
    '## Going down',
    '',
    'Going down destroys what the level above created, and nothing else. The resources below hold something that cannot be created again. AWS refuses to delete',
    'a bucket that is not empty, unless `edge.protection` is `disposable`; the rest of its stack is destroyed by then.',
    '',
    '| step | stack | resource | holds |',
    '|---|---|---|---|',
    ...down.flatMap(({ from, to, changes }) =>
      changes
        .filter(({ address, action }) => action === 'delete' && typeOf(address) in statefulTypes)
        .map(
          ({ stack, address }) =>
            `| ${from} → ${to} | ${stack} | \`${shown(address)}\` | ${statefulTypes[typeOf(address)]} |`,
        ),
    ),
    '',
  ].join('\n');
}

const typeOf = (address: string) => address.split('.')[0]!;
/** Without the digits that cdktf ends names with. */
const shown = (address: string) => address.replace(/_[0-9A-F]{8}$/, '');
/** The stack with a star for its region, and the address with one for each region in it. */
const family = (text: string) => text.replace(/^(region|shared-[a-z-]+?)-(us|ap)(-|$)/, '$1-*$3');

function rows(changes: readonly LevelChange[]): string[] {
  const cells = new Map<string, string[]>();
  for (const stack of new Set(changes.map((change) => change.stack))) {
    const own = changes.filter((change) => change.stack === stack);
    const types = (action: LevelChange['action']) =>
      [...new Set(own.filter((change) => change.action === action).map(({ address }) => typeOf(address)))]
        .sort()
        .map((type) => `\`${type}\``)
        .join(', ');
    const changed = own
      .filter(({ action }) => action === 'update' || action === 'replace')
      .map(
        ({ address, action, arguments: moved }) =>
          `\`${shown(address)}\`${action === 'replace' ? ' **replaced**' : ''} (${moved.join(', ')})`,
      )
      .join(', ');
    const cell = `${types('create')} | ${changed} | ${types('delete')}`;
    cells.set(cell, [...(cells.get(cell) ?? []), stack]);
  }
  return [...cells].map(([cell, stacks]) => {
    const names = [...new Set(stacks.length > 1 ? stacks.map(family) : stacks)];
    return `| ${names.join(', ')} | ${cell} |`.replaceAll('|  |', '| |').replaceAll('|  |', '| |');
  });
}
