import { statefulTypes } from '@platform/tools/model/stateful-types';
import type { LevelChange, LevelStep } from './level-plans';

/** A page that says what each step between levels changes, for people; regions that change alike stand in one line. */
export function levelReport(steps: readonly LevelStep[], environment: string): string {
  const up = steps.slice(0, steps.length / 2);
  const down = steps.slice(steps.length / 2);
  return [
    '# What each level changes',
    '',
    `Planned by Terraform and the AWS provider for \`${environment}\` in \`active-passive\`, each level on the state of the one before. A test`,
    'holds this page to what is planned, and that going up destroys and replaces nothing but entries of hub route tables, and the',
    "balancers' door to the internet: while `edgeSources.accelerator` is `not-yet` it stays, and goes when the id is written.",
    'In `active-active` nothing else changes or goes, which every run compares and `npm test -- --lifecycles` plans.',
    'Written by `WRITE_LEVELS=1 npx jest -c e2e/fixtures/jest.config.cjs level-plans`.',
    '',
    ...up.flatMap(({ from, to, changes }) => [
      `## ${from} → ${to}`,
      '',
      '| stack | made | changed | destroyed |',
      '|---|---|---|---|',
      ...rows(changes),
      '',
    ]),
    '## Going down',
    '',
    'Takes away what the level above has made, and nothing else. Of that, these hold something that cannot be made again; AWS refuses to delete a',
    'bucket that is not empty, unless `edge.protection` is `disposable`, and the rest of its stack is gone by then.',
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
