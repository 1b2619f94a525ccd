import type { Tree } from '@nx/devkit';
import { generators } from '@platform/tools/actions/new/generator-options';
import { generate } from '@platform/tools/actions/new/generators';

/**
 * The same as `npx platform new <name>`, as an Nx generator: `nx generate ./tools/nx-plugin:region eu --awsRegion=eu-west-1`.
 * `--dry-run` is Nx's own.
 */
export function generatorOf(name: string) {
  const generator = generators.find((each) => each.name === name)!;
  return async (tree: Tree, options: Readonly<Record<string, string | readonly string[]>>): Promise<void> => {
    const values = Object.fromEntries(Object.entries(options).map(([option, value]) => [kebab(option), value]));
    for (const [path, content] of await generate(tree.root, generator, values)) {
      if (content === null) tree.delete(path);
      else tree.write(path, content);
    }
  };
}

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
