import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadOrganisation } from '@platform/tools/workspace/load-estate';
import { codeowners, codeownersFile } from './codeowners';

/** `npm run owners` writes CODEOWNERS; with `--check` it only says whether the file is up to date. */
const root = process.cwd();
const file = join(root, codeownersFile);
const wanted = codeowners(loadOrganisation(root));
const upToDate = existsSync(file) && readFileSync(file, 'utf8') === wanted;

if (process.argv.includes('--check')) {
  if (!upToDate) {
    process.stderr.write(`${codeownersFile}: differs from the owners in infra.config.ts; run "npm run owners"\n`);
    process.exitCode = 1;
  }
} else if (!upToDate) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, wanted);
  process.stderr.write(`${codeownersFile} written\n`);
}
