import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EstateLoadError } from '@platform/tools/workspace/load-estate';
import { findRegionKeys, findStackFolders } from '@platform/tools/workspace/stack-folders';

/**
 * Checks the types of what synth loads, in a process of its own, and remembers that they are right: code that did not
 * change since is not checked again. Takes 9 s of a processor the first time, and 5 to 9 s after a change.
 * @throws EstateLoadError with every error, each as `file:line: message`
 */
export async function checkTypes(root: string, signal?: AbortSignal): Promise<void> {
  const known = join(root, 'node_modules', '.cache', 'platform', `types-${digestOf(root)}`);
  if (existsSync(known)) return;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(root, 'tools', 'actions', 'plan', 'typecheck.cjs'), root, ...entriesOf(root)],
    { maxBuffer: 64 * 1024 * 1024, ...(signal ? { signal } : {}) },
  );
  const errors = JSON.parse(stdout) as string[];
  if (errors.length > 0) throw new EstateLoadError(errors.join('\n'));
  try {
    mkdirSync(dirname(known), { recursive: true });
    writeFileSync(known, '');
  } catch {
    // A folder that cannot be written costs the next run a check, and nothing else.
  }
}

/** The files that synth begins with. */
function entriesOf(root: string): string[] {
  const regions = findRegionKeys(root).map((key) => `region-${key}/region.ts`);
  const listed = existsSync(join(root, 'shared/regions.ts')) ? ['shared/regions.ts'] : [];
  return ['infra.config.ts', ...regions, ...listed, ...findStackFolders(root).map((folder) => `${folder}/main.ts`)];
}

/**
 * One digest of all code that synth can load, and of what says how to check it. One address range in the place of another
 * changes no type, so that settings count without the numbers of their ranges: synth checks these.
 */
function digestOf(root: string): string {
  const folders = ['global', 'shared', 'libs', ...findRegionKeys(root).map((key) => `region-${key}`)];
  const code = folders.flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
          .map((name) => `${folder}/${name}`)
      : [],
  );
  const hash = createHash('sha256').update(process.version);
  const others = ['infra.config.ts', 'tsconfig.base.json', 'package-lock.json', 'tools/actions/plan/typecheck.cjs'];
  for (const file of [...others, ...code.sort()].filter((name) => existsSync(join(root, name)))) {
    const bytes = readFileSync(join(root, file));
    hash.update(`\0${file}\0`).update(isOfSettings(file) ? withoutRanges(bytes.toString()) : bytes);
  }
  return hash.digest('hex');
}

const isOfSettings = (file: string) => file === 'infra.config.ts' || /^region-[^/]+\/region\.ts$/.test(file);

const withoutRanges = (text: string) => text.replaceAll(/(['"])(?:\d{1,3}\.){3}\d{1,3}\/\d{1,2}\1/g, 'range');
