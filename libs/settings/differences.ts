import { formatProblem, WrongUse, type Problem } from './problem';
import { named, oneOf, section, text, type Settings } from './schema';
import { inRegion, type SettingsInput } from './settings-input';

const folderDifferenceSchema = section('What this region has and its counterparts do not have, or the reverse.', {
  here: oneOf(['added', 'omitted'], {
    is: '`added`: only this region has it. `omitted`: its counterparts have it and this region does not.',
  }),
  reason: text({ is: 'Why the regions differ, for whoever fails over from one to the other.' }),
  owner: text({ is: 'Team that answers for it.', limits: 'one of the teams in `owners`' }),
});
/** One difference between regions. */
export type FolderDifference = Settings<typeof folderDifferenceSchema>;

/** One difference. `differs`: both have it, with other arguments; without the region in its texts they would be equal. */
export type Difference = Omit<FolderDifference, 'here'> & { readonly here: FolderDifference['here'] | 'differs' };

export const differencesSchema = named(
  {
    is: 'Folders that only this region has, or that it lacks, by name. The parity check accepts what is declared. Left out: none.',
    applies: 'next check',
  },
  folderDifferenceSchema,
);

/**
 * Differences by name. In a region's settings the name is that of a folder (`cache`), in a stack that of a construct below
 * the stack (`Reports`, `Database/InstanceB`), with everything in it, or of one of its arguments (`Website/Distribution/Distribution.aliases`).
 */
export type Differences = Readonly<Record<string, Difference>>;

type Owners = Readonly<Record<string, string>>;

/** Differences of regions: the folders that they add exist, those that they omit do not. */
export function checkDifferences(input: SettingsInput): Problem[] {
  return input.regions.flatMap((region) => {
    const { key, differences = {} } = region;
    const where = (name: string) => inRegion(input, region, `differences.${name}`);
    const folders = Object.entries(differences).flatMap(([name, { here }]): Problem[] => {
      const folder = `region-${key}/${name}`;
      if ((here === 'added') === input.folders.includes(folder)) return [];
      return here === 'added'
        ? [{ where: where(name), what: `there is no folder ${folder}`, remedy: 'add it, or remove the difference' }]
        : [{ where: where(name), what: `there is a folder ${folder}`, remedy: 'remove it, or the difference' }];
    });
    return [...folders, ...unfounded(differences, input.settings.owners, where)];
  });
}

/**
 * Refuses differences of a stack that have no reason, or an owner that is not a team.
 * @throws WrongUse with all of them
 */
export function assertDifferences(differences: Differences, owners: Owners, project: string): void {
  const problems = unfounded(differences, owners, (name) => `${project}: differences.${name}`);
  if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
}

function unfounded(differences: Differences, owners: Owners, where: (name: string) => string): Problem[] {
  const teams = [...new Set(Object.values(owners))];
  return Object.entries(differences).flatMap(([name, { reason, owner }]) => [
    ...(reason.trim()
      ? []
      : [{ where: where(`${name}.reason`), what: 'is empty', remedy: 'say why the regions differ' }]),
    ...(teams.includes(owner)
      ? []
      : [{ where: where(name), what: `there is no team "${owner}"`, remedy: `use one of ${teams.join(', ')}` }]),
  ]);
}
