import type { Problem } from './problem';
import { named, text } from './schema';
import { inSettings, type SettingsInput } from './settings-input';

export const ownersSchema = named(
  {
    is: 'Owning team per folder: the longest folder that contains a file decides. `region-*/vpc` is that folder of every region, unless the region has its own entry. `*` is every folder without an entry.',
    applies: 'next `npx platform owners`, which writes `CODEOWNERS`; tags at the next deploy of every stack',
  },
  text({ is: 'Team on GitHub.', limits: 'lower-case letters, digits and hyphens' }),
);

/** Parts of the layout that may have an owner before they have content. */
const layout = ['global', 'shared', 'libs', 'tools', 'e2e', 'gamedays', 'evidence', 'docs'];

/** The key of `owners` that is every folder without an entry. */
export const everyFolder = '*';

/** The key of `owners` that stands for a folder of every region, by the folder of one of them. */
export function inEveryRegion(folder: string): string {
  return folder.replace(/^region-[^/]+/, 'region-*');
}

/** Owner of a folder: that of the longest folder in `owners` that contains it by path segment. */
export function ownerOf(owners: Readonly<Record<string, string>>, folder: string): string | undefined {
  const segments = folder.split('/');
  for (let length = segments.length; length > 0; length--) {
    const part = segments.slice(0, length).join('/');
    for (const key of [part, inEveryRegion(part)]) if (Object.hasOwn(owners, key)) return owners[key];
  }
  return owners[everyFolder];
}

/** Every folder has a team, and every entry has a folder. */
export function checkOwners(input: SettingsInput): Problem[] {
  const { owners } = input.settings;
  const ownerless = input.folders.filter((folder) => ownerOf(owners, folder) === undefined);
  return [
    // An owner for a folder also covers its subfolders.
    ...ownerless
      .filter((folder) => !ownerless.includes(folder.slice(0, folder.lastIndexOf('/'))))
      .map((folder) => ({
        where: inSettings(input, 'owners'),
        what: `the folder ${folder} has no owner`,
        remedy: `add '${folder}': '<team>'`,
      })),
    ...Object.keys(owners)
      .filter((key) => ![...input.folders, ...input.folders.map(inEveryRegion), ...layout, everyFolder].includes(key))
      .map((folder) => ({
        where: inSettings(input, `owners.${folder}`),
        what: `there is no folder ${folder}`,
        remedy: 'correct the path, or remove the line',
      })),
    ...Object.entries(owners)
      .filter(([, team]) => !/^[a-z0-9][a-z0-9-]*$/.test(team))
      .map(([folder, team]) => ({
        where: inSettings(input, `owners.${folder}`),
        what: `"${team}" is not a name of a team`,
        remedy: 'use lower-case letters, digits and hyphens',
      })),
  ];
}
