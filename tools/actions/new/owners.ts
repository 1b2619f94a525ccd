import type { WorkspaceFiles } from './changes';
import { literal, objectAt, propertiesOf } from './source-edit';

/** Gives folders of `owners` in `infra.config.ts` a further line for each that has another name there. */
export function addOwners(
  files: WorkspaceFiles,
  owners: Readonly<Record<string, string>>,
  named: (folder: string) => string | undefined,
): void {
  const lines = Object.entries(owners).flatMap(([folder, team]) => {
    const other = named(folder);
    return other === undefined || Object.hasOwn(owners, other) ? [] : [[other, team] as const];
  });
  files.edit('infra.config.ts', (source) => {
    const list = objectAt(source.defaultExport(), 'owners');
    if (!list) return;
    const existing = propertiesOf(list);
    for (const [folder, team] of lines)
      if (!existing.has(folder)) source.append(list, `${literal(folder)}: ${literal(team)}`);
  });
}
