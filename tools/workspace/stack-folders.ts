import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The top-level folders in which stack projects live. */
export const isEstateFolder = (name: string) =>
  name === 'global' || name === 'shared' || /^region-[a-z0-9]+$/.test(name);

/**
 * Folders of the stack projects below `root`, sorted, with `/` between segments: those that hold a `main.ts`, at any
 * depth below an estate folder. The order of the file system plays no part.
 */
export function findStackFolders(root: string): string[] {
  const found: string[] = [];
  const visit = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.'))
        visit(`${folder}/${entry.name}`);
      else if (entry.name === 'main.ts') found.push(folder);
    }
  };
  for (const entry of readdirSync(root, { withFileTypes: true })) {
    if (entry.isDirectory() && isEstateFolder(entry.name)) visit(entry.name);
  }
  return found.sort();
}

/** Nx project name of a folder: `region-us/vpc` is `region-us-vpc`. */
export function projectName(folder: string): string {
  return folder.replaceAll('/', '-');
}

/** Region keys that have a `region-<key>/region.ts`, sorted. */
export function findRegionKeys(root: string): string[] {
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.startsWith('region-'))
    .filter((entry) => readdirSync(join(root, entry.name)).includes('region.ts'))
    .map((entry) => entry.name.slice('region-'.length))
    .sort();
}

/** Folders that tools write; nobody owns them. */
const written = ['node_modules', 'dist', 'cdktf.out', 'coverage'];

/** Every folder below `root` that people work in, sorted, with `/` between segments. Hidden ones are left out. */
export function findFolders(root: string, below = ''): string[] {
  return readdirSync(join(root, below), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !written.includes(entry.name))
    .map(({ name }) => (below ? `${below}/${name}` : name))
    .sort()
    .flatMap((folder) => [folder, ...findFolders(root, folder)]);
}
