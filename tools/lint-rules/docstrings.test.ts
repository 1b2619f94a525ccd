import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { findRoot } from '@platform/tools/workspace/find-root';

const root = findRoot(__dirname);
const files = readdirSync(join(root, 'libs'), { recursive: true, encoding: 'utf8' })
  .map((path) => `libs/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts') && !path.startsWith('libs/testing/'))
  .map((path) => ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true));

interface Documented {
  readonly path: string;
  readonly doc: string;
}

/** Exported constructs by name, without error classes and stacks. */
const constructs = new Map<string, Documented>(
  files.flatMap((file) =>
    file.statements
      .filter(ts.isClassDeclaration)
      .filter(
        (node) =>
          isExported(node) &&
          node.heritageClauses?.some(({ types }) => !/^(Error|WrongUse|EstateStack)$/.test(types[0]!.getText())),
      )
      .map((node) => [node.name!.text, { path: file.fileName, doc: docOf(node) }] as const),
  ),
);

test('every construct has a docstring', () => {
  expect(constructs.size).toBeGreaterThan(70);
  expect([...constructs].filter(([, { doc }]) => doc === '').map(([name, { path }]) => `${path}: ${name}`)).toEqual([]);
});

/** Names that explain themselves, with a unit if the value has one: `vpcId`, `cidr`, `awsRegion`, `retentionDays`. */
const telling = /(?:^(?:cidr|awsRegion)|Ids?|Arns?|Cidrs?|Days|Sec|Gib|Percent|Ms)$/;

/** Types of the libs that have a docstring, which also explains props of that type. */
const explained = new Set(
  files.flatMap((file) =>
    file.statements
      .filter(
        (node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isClassDeclaration(node),
      )
      .filter((node) => docOf(node) !== '')
      .map((node) => node.name!.text),
  ),
);

const props = files.flatMap((file) =>
  file.statements
    .filter(ts.isInterfaceDeclaration)
    .filter((node) => isExported(node) && node.name.text.endsWith('Props'))
    .flatMap((node) =>
      node.members.filter(ts.isPropertySignature).map((prop) => ({
        where: `${file.fileName}: ${node.name.text}.${prop.name.getText()}`,
        doc: docOf(prop),
        isNumber: prop.type?.kind === ts.SyntaxKind.NumberKeyword,
        told: telling.test(prop.name.getText()) || isExplained(prop.type!, resourcesOf(file)),
      })),
    ),
);

test('every prop has a docstring, a name with its unit, or a type with a docstring', () => {
  expect(props.length).toBeGreaterThan(300);
  expect(props.filter(({ doc, told }) => doc === '' && !told).map(({ where }) => where)).toEqual([]);
});

/** Units of numbers that AWS, Terraform and the settings use. */
const unit =
  /\b(?:seconds?|minutes?|days?|percent|share|bytes?|[KMG]i?B|bits?|port|ASN|number|numbers?|count|level|unit)\b|%|–/i;

test('every numeric prop has its unit in its name or docstring', () => {
  const numbers = props.filter(({ isNumber }) => isNumber);
  expect(numbers.length).toBeGreaterThan(10);
  expect(numbers.filter(({ doc, where }) => !telling.test(where) && !unit.test(doc)).map(({ where }) => where)).toEqual(
    [],
  );
});

function isExported(node: ts.DeclarationStatement & ts.HasModifiers): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function docOf(node: ts.Node): string {
  const doc = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1)?.getText() ?? '';
  return doc
    .replace(/^\/\*\*|\*\/$/g, '')
    .split(/\n\s*\*?[ \t]*(?=\n)/)
    .map((paragraph) => paragraph.replaceAll(/\s*\n\s*\* ?/g, ' ').trim())
    .join('\n\n')
    .trim();
}

/** Provider classes that a file imports: a prop of such a type is an AWS resource. */
function resourcesOf(file: ts.SourceFile): Set<string> {
  return new Set(
    file.statements
      .filter(ts.isImportDeclaration)
      .filter(({ moduleSpecifier }) => moduleSpecifier.getText().includes('@cdktf/provider-aws/'))
      .flatMap(({ importClause }) =>
        importClause?.namedBindings && ts.isNamedImports(importClause.namedBindings)
          ? importClause.namedBindings.elements.map(({ name }) => name.text)
          : [],
      ),
  );
}

function isExplained(type: ts.TypeNode, resources: Set<string>): boolean {
  if (ts.isTypeOperatorNode(type)) return isExplained(type.type, resources);
  if (ts.isArrayTypeNode(type)) return isExplained(type.elementType, resources);
  if (ts.isUnionTypeNode(type)) return type.types.every((each) => isExplained(each, resources));
  if (ts.isIndexedAccessTypeNode(type)) return isExplained(type.objectType, resources);
  if (!ts.isTypeReferenceNode(type)) return false;
  const name = type.typeName.getText();
  if (name === 'Pick' || name === 'Omit') return isExplained(type.typeArguments![0]!, resources);
  return explained.has(name) || resources.has(name);
}
