import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ts from 'typescript';
import { findRoot } from '@platform/tools/workspace/find-root';

const root = findRoot(__dirname);

/** Files by what they import at run time; imports of types alone are erased. */
type Imports = ReadonlyMap<string, readonly string[]>;

/** Modules that a file imports, exports from, or loads with `import()`, but not for types alone. */
function modulesOf(text: string): string[] {
  const modules: ts.Expression[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && !node.importClause?.isTypeOnly) modules.push(node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier && !node.isTypeOnly)
      modules.push(node.moduleSpecifier);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      modules.push(...node.arguments);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest));
  return modules.filter(ts.isStringLiteralLike).map(({ text }) => text);
}

function importsOf(texts: Readonly<Record<string, string>>): Imports {
  return new Map(
    Object.entries(texts).map(([file, text]) => [
      file,
      modulesOf(text)
        .map((name) =>
          name.startsWith('.') ? posix.join(posix.dirname(file), name) : name.replace(/^@platform\//, ''),
        )
        .map((path) => `${path}.ts`)
        .filter((path) => Object.hasOwn(texts, path)),
    ]),
  );
}

/** A circle for every import that leads back to a file on the way to it. */
function circles(imports: Imports): string[] {
  const found: string[] = [];
  const left = new Set<string>();
  const follow = (file: string, way: readonly string[]): void => {
    if (way.includes(file)) found.push([...way.slice(way.indexOf(file)), file].join(' → '));
    if (way.includes(file) || left.has(file)) return;
    for (const next of imports.get(file)!) follow(next, [...way, file]);
    left.add(file);
  };
  for (const file of imports.keys()) follow(file, []);
  return found;
}

test('finds a circle, also through an export and import(), and not through types', () => {
  const texts = {
    'libs/a/a.ts': "import { b } from './b';",
    'libs/a/b.ts': "export * from '@platform/libs/c/c';",
    'libs/c/c.ts': "const a = () => import('@platform/libs/a/a'); import type { d } from './d';",
    'libs/c/d.ts': "import { c } from './c';",
  };
  expect(circles(importsOf(texts))).toEqual(['libs/a/a.ts → libs/a/b.ts → libs/c/c.ts → libs/a/a.ts']);
});

/** Move what both files need into a third, or pass it as an argument. */
test('no files of the workspace import each other in a circle', () => {
  const files = readdirSync(root)
    .filter((name) => /^(global|libs|region-.*|shared|tools|e2e)$/.test(name))
    .flatMap((top) =>
      readdirSync(posix.join(root, top), { recursive: true, encoding: 'utf8' }).map((file) => `${top}/${file}`),
    )
    .filter((file) => file.endsWith('.ts') && !/(^|\/)(node_modules|dist|example-estate)\//.test(file));
  expect(files.length).toBeGreaterThan(500);
  const texts = Object.fromEntries(files.map((file) => [file, readFileSync(posix.join(root, file), 'utf8')]));
  expect(circles(importsOf(texts))).toEqual([]);
});
