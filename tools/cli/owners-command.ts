import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeowners, codeownersFile } from '@platform/tools/actions/owners/codeowners';
import { findRoot } from '@platform/tools/workspace/find-root';
import { loadOrganisation } from '@platform/tools/workspace/load-estate';
import { talk } from './output';

/** Writes `.github/CODEOWNERS` from the settings; with `check` it only compares, and 1 means that the file is out of date. */
export function ownersCommand({ check = false }: { readonly check?: boolean }): number {
  const root = findRoot();
  const file = join(root, codeownersFile);
  const wanted = codeowners(loadOrganisation(root));
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return 0;
  if (check) {
    talk(`${codeownersFile}: differs from the owners in infra.config.ts; run: npx platform owners`);
    return 1;
  }
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, wanted);
  talk(`${codeownersFile} written`);
  return 0;
}
