import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';

/**
 * Files that patterns name, sorted: `*` and `?` within a name, `**` over folders, `{a,b}`. A folder stands for all JSON files
 * in it. Paths are as seen from `folder`.
 * @throws WrongUse for a pattern that names no file
 */
export function findPlanFiles(patterns: readonly string[], folder: string): string[] {
  const found = patterns.flatMap((pattern) => {
    const files = filesOf(pattern, folder);
    if (files.length === 0) {
      throw new WrongUse(`--plans: "${pattern}" names no file; give plan files made by terraform show -json`);
    }
    return files;
  });
  return [...new Set(found)].sort();
}

function filesOf(pattern: string, folder: string): string[] {
  const path = resolve(folder, pattern);
  const show = (file: string) => relative(folder, file) || file;
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) return [show(path)];
    return filesBelow(path)
      .filter((file) => file.endsWith('.json'))
      .map(show);
  }
  const parts = path.split(sep);
  const first = parts.findIndex((part) => /[*?{]/.test(part));
  if (first < 0) return [];
  const start = parts.slice(0, first).join(sep) || sep;
  if (!existsSync(start)) return [];
  const matches = expressionOf(parts.slice(first).join('/'));
  return filesBelow(start)
    .filter((file) => matches.test(relative(start, file).split(sep).join('/')))
    .map(show);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', '.terraform', '.git'].includes(entry.name) ? [] : filesBelow(path);
    return [path];
  });
}

function expressionOf(pattern: string): RegExp {
  let depth = 0;
  const text = pattern.replaceAll(/\*\*\/|\*\*|\*|\?|[{},]|[.+^$()|[\]\\]/g, (sign) => {
    if (sign === '**/') return '(?:.*/)?';
    if (sign === '**') return '.*';
    if (sign === '*') return '[^/]*';
    if (sign === '?') return '[^/]';
    if (sign === '{') {
      depth++;
      return '(?:';
    }
    if (sign === '}' && depth > 0) {
      depth--;
      return ')';
    }
    if (sign === ',') return depth > 0 ? '|' : ',';
    return `\\${sign}`;
  });
  try {
    return new RegExp(`^${text}$`);
  } catch {
    throw new WrongUse(`--plans: "${pattern}" is no pattern; close each { by a }`);
  }
}
