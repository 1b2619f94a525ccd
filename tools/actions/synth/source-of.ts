import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackDescription } from '@platform/libs/stack/estate-stack';

/**
 * File in which the class of a stack stands: `shared/tgw/link-stack.ts`. The project's folder where none of its files
 * declares it.
 * @param root of the workspace
 */
export function sourceOf(
  root: string,
  { project, className }: Pick<StackDescription, 'project' | 'className'>,
): string {
  const declaration = new RegExp(`^export class ${className}\\b`, 'm');
  const file = readdirSync(join(root, project))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .find((name) => declaration.test(readFileSync(join(root, project, name), 'utf8')));
  return file ? `${project}/${file}` : `${project}/`;
}
