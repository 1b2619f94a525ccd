import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as estree from 'prettier/plugins/estree';
import * as typescript from 'prettier/plugins/typescript';
import type { Options } from 'prettier';
import { format } from 'prettier/standalone';
import { formatProblem, WrongUse, type Problem } from '@platform/libs/settings/problem';
import { loadEstate, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { isEstateFolder } from '@platform/tools/workspace/stack-folders';
import { SourceEdit } from './source-edit';

/** New text by path from the workspace root; `null` removes the file. */
export type Changes = ReadonlyMap<string, string | null>;

/** The files of a workspace, with what a generator changes in them. Nothing is written before {@link writeChanges}. */
export class WorkspaceFiles {
  private readonly changed = new Map<string, string | null>();

  constructor(readonly root: string) {}

  read(path: string): string {
    const text = this.changed.get(path);
    return typeof text === 'string' ? text : readFileSync(join(this.root, path), 'utf8');
  }

  exists(path: string): boolean {
    return this.changed.has(path) ? this.changed.get(path) !== null : existsSync(join(this.root, path));
  }

  write(path: string, text: string): void {
    this.changed.set(path, text);
  }

  remove(path: string): void {
    this.changed.set(path, null);
  }

  /** Edits a TypeScript file by its syntax tree. */
  edit(path: string, change: (source: SourceEdit) => void): void {
    const source = new SourceEdit(path, this.read(path));
    change(source);
    if (source.isChanged) this.write(path, source.toString());
  }

  /** Files below a folder, sorted, as paths from the root. What tools write is left out. */
  below(folder: string): string[] {
    if (!existsSync(join(this.root, folder))) return [];
    return readdirSync(join(this.root, folder), { withFileTypes: true })
      .filter(({ name }) => !['node_modules', 'dist', 'cdktf.out'].includes(name) && !name.startsWith('.'))
      .flatMap((entry) => (entry.isDirectory() ? this.below(`${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
      .sort();
  }

  /** Formatted as `npm run format` would; files that would stay as they are left out. */
  async changes(): Promise<Changes> {
    const changes = new Map<string, string | null>();
    const style = styleOf(this.root);
    for (const [path, text] of [...this.changed].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const file = join(this.root, path);
      const before = existsSync(file) ? readFileSync(file, 'utf8') : null;
      const after = text !== null && path.endsWith('.ts') ? await format(text, style) : text;
      if (after !== before) changes.set(path, after);
    }
    return changes;
  }
}

/** The workspace's own style. Without Prettier's search for settings and plugins, which loads modules that Jest cannot. */
function styleOf(root: string): Options {
  const file = join(root, '.prettierrc.json');
  const own = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Options) : {};
  return { ...own, parser: 'typescript', plugins: [estree as never, typescript] };
}

/**
 * Loads the estate as it would be after the changes, in a folder of its own.
 * @returns the settings after the changes
 * @throws SettingsError, EstateLoadError with everything that is wrong with it; nothing has been written then
 */
export function checkChanges(root: string, changes: Changes): LoadedEstate['settings'] {
  const copy = mkdtempSync(join(tmpdir(), 'platform new-'));
  try {
    for (const entry of readdirSync(root, { withFileTypes: true })) {
      const { name } = entry;
      if (['dist', '.git', '.nx', '.cache', 'coverage'].includes(name)) continue;
      if (entry.isDirectory() && isEstateFolder(name)) cpSync(join(root, name), join(copy, name), { recursive: true });
      else if (entry.isDirectory() || entry.isSymbolicLink()) symlinkSync(join(root, name), join(copy, name));
      else if (!changes.has(name)) cpSync(join(root, name), join(copy, name));
    }
    writeChanges(copy, changes);
    return loadEstate(copy).settings;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Writes all files of a change. */
export function writeChanges(root: string, changes: Changes): void {
  for (const [path, text] of changes) {
    const file = join(root, path);
    if (text === null) rmSync(file, { force: true });
    else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }
}

/** @throws WrongUse with all problems, where there are some */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length > 0) throw new WrongUse(problems.map(formatProblem).join('\n'));
}
