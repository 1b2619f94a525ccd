import { everyFolder } from '@platform/libs/settings/owners';
import type { OrganisationSettings } from '@platform/libs/settings/organisation';

/** Where GitHub looks for it, from the workspace root. */
export const codeownersFile = '.github/CODEOWNERS';

/** The folder whose owner also has what lies at the root. */
const rootFolder = 'tools';

/**
 * The text of `CODEOWNERS`: the teams of `infra.config.ts` as `@<githubOrganisation>/<team>`. GitHub lets the last line that
 * matches decide, so a folder comes before the folders in it, and `region-*` before the regions. The root has the owner of
 * `*`, or that of `tools` if `owners` has no `*`.
 */
export function codeowners({
  organisation,
  githubOrganisation = organisation,
  owners,
}: Pick<OrganisationSettings, 'organisation' | 'githubOrganisation' | 'owners'>): string {
  const team = (name: string) => `@${githubOrganisation}/${name}`;
  const root = owners[everyFolder] ?? owners[rootFolder];
  const depth = (folder: string) => folder.split('/').length;
  const folders = Object.entries(owners)
    .filter(([folder]) => folder !== everyFolder)
    // '*' sorts before letters.
    .sort(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1));
  const lines = [
    ...(root ? [['*', team(root)] as const] : []),
    ...folders.map(([folder, owner]) => [`/${folder}/`, team(owner)] as const),
  ];
  const width = Math.max(...lines.map(([pattern]) => pattern.length));
  return [
    '# Generated from the owners in infra.config.ts by "npx platform owners"; a test fails when it is out of date.',
    ...lines.map(([pattern, owner]) => `${pattern.padEnd(width)} ${owner}`),
    '',
  ].join('\n');
}
