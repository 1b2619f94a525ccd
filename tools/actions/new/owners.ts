import { inEveryRegion, ownerOf } from '@platform/libs/settings/owners';
import type { WorkspaceFiles } from './changes';
import { literal, objectAt } from './source-edit';

type Owners = Readonly<Record<string, string>>;

/** Adds entries to `owners` in `infra.config.ts`: for a folder of one region only where its owner is another team. */
export function addOwners(
  files: WorkspaceFiles,
  owners: Owners,
  entries: readonly (readonly [key: string, team: string])[],
): void {
  files.edit('infra.config.ts', (source) => {
    const list = objectAt(source.defaultExport(), 'owners');
    if (!list) return;
    const known: Record<string, string> = { ...owners };
    for (const [key, team] of entries) {
      if (Object.hasOwn(known, key) || (key !== inEveryRegion(key) && ownerOf(known, key) === team)) continue;
      known[key] = team;
      source.append(list, `${literal(key)}: ${literal(team)}`);
    }
  });
}
