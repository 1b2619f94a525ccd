import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atlantisFile } from '@platform/tools/actions/atlantis/atlantis-config';
import { atlantisOfEstate } from '@platform/tools/actions/atlantis/atlantis-estate';
import { findRoot } from '@platform/tools/workspace/find-root';
import { talk } from './output';

/** Writes `atlantis.yaml` from the estate; with `check` it only compares, and 1 means that the file is out of date. */
export function atlantisCommand({ check = false }: { readonly check?: boolean }): number {
  const root = findRoot();
  const file = join(root, atlantisFile);
  const wanted = atlantisOfEstate(root);
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return 0;
  if (check) {
    talk(`${atlantisFile}: differs from the stacks of the estate; run: npx platform atlantis`);
    return 1;
  }
  writeFileSync(file, wanted);
  talk(`${atlantisFile} written`);
  return 0;
}
