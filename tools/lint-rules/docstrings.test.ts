import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { findRoot } from '@platform/tools/workspace/find-root';

const root = findRoot(__dirname);
const files = readdirSync(join(root, 'libs'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('testing'))
  .map((path) => join('libs', path))
  .map((path) => ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true));
const statements = files.flatMap((file) => [...file.statements]);
const hasDocstring = (node: ts.Node) => ts.getJSDocCommentsAndTags(node).some(ts.isJSDoc);
const isExported = (node: ts.HasModifiers) =>
  node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
const where = (node: ts.NamedDeclaration) => `${node.getSourceFile().fileName}: ${node.name!.getText()}`;

test('every exported construct has a docstring', () => {
  const constructs = statements
    .filter(ts.isClassDeclaration)
    .filter(
      (node) =>
        isExported(node) &&
        node.heritageClauses?.some(({ types }) => !/^(Error|WrongUse|EstateStack)$/.test(types[0]!.getText())),
    );
  expect(constructs.length).toBeGreaterThan(70);
  expect(constructs.filter((node) => !hasDocstring(node)).map(where)).toEqual([]);
});

/** Names with a unit: `retentionDays`, `timeoutSec`. */
const withUnit = /(?:Days|Sec|Gib|Percent|Ms)$/;

test('every numeric prop has a docstring, or its unit in its name', () => {
  const numbers = statements
    .filter(ts.isInterfaceDeclaration)
    .filter((node) => isExported(node) && node.name.text.endsWith('Props'))
    .flatMap(({ members }) => members.filter(ts.isPropertySignature))
    .filter(({ type }) => type?.kind === ts.SyntaxKind.NumberKeyword);
  expect(numbers.length).toBeGreaterThan(10);
  expect(numbers.filter((node) => !hasDocstring(node) && !withUnit.test(node.name.getText())).map(where)).toEqual([]);
});
