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
  /** The docstring as running text; an empty line stays between its paragraphs. */
  readonly doc: string;
  readonly source: string;
}

/** Each exported class that makes something, by its name. Errors make nothing, stacks are made of constructs. */
const constructs = new Map<string, Documented>(
  files.flatMap((file) =>
    file.statements
      .filter(ts.isClassDeclaration)
      .filter(
        (node) =>
          isExported(node) &&
          node.heritageClauses?.some(({ types }) => !/^(Error|WrongUse|EstateStack)$/.test(types[0]!.getText())),
      )
      .map((node) => [node.name!.text, { path: file.fileName, doc: docOf(node), source: file.text }] as const),
  ),
);

/**
 * What only joins others, and adds neither a price nor a limit of its own: the docstring of the part named here has the
 * limit, and the whole links to it.
 */
const wholes: Readonly<Record<string, string>> = {
  AccessLogBucket: 'PrivateBucket',
  Application: 'Balancer',
  DeliveredLogBucket: 'PrivateBucket',
  Fleets: 'Fleet',
  Inspection: 'GatewayLoadBalancer',
  LogBucket: 'PrivateBucket',
  Website: 'Distribution',
};

/** A page of AWS by its title, as `(VPC user guide, "Amazon VPC quotas")`. */
const page = /\([^()"]*\b(?:guide|reference)\b[^()"]*"[^"]+"[^()]*\)/;
const bound = /\b(?:at most|up to|unless more were asked for|may (?:have|be|carry|take)|no more than|the least)\b/;

/** Whether one and the same sentence has a figure, says that it is a limit, and names the page that says so. */
const hasLimit = (doc: string) =>
  sentences(doc).some((text) => page.test(text) && /(?<![\d$.,])\d/.test(text.replace(page, '')) && bound.test(text));

const hasMonth = (doc: string) =>
  /\$\d/.test(doc) ? /\$\d[\d.,]* a month/.test(doc) : /\b(?:free|no charge|price unknown here: see)\b/i.test(doc);

test('every construct says what it makes', () => {
  expect(constructs.size).toBeGreaterThan(70);
  expect(namesOf(({ doc }) => doc.length < 60)).toEqual([]);
});

test('every construct says what it costs a month, or that it is free', () => {
  expect(namesOf(({ doc }) => !hasMonth(doc))).toEqual([]);
});

test('every price says that it is a list price', () => {
  expect(namesOf(({ doc }) => /\$\d/.test(doc) && !/list prices?/i.test(doc))).toEqual([]);
});

test('every construct names a limit of AWS, with the page that says so', () => {
  expect(namesOf(({ doc }, name) => !(name in wholes) && !hasLimit(doc))).toEqual([]);
});

test.each(Object.entries(wholes))('%s uses %s, links to it, and needs no limit beside its', (name, part) => {
  const { doc, source } = constructs.get(name)!;
  expect(source).toContain(`new ${part}(`);
  expect(doc).toContain(`{@link ${part}}`);
  expect(hasLimit(constructs.get(part)!.doc)).toBe(true);
  expect(hasLimit(doc)).toBe(false);
});

/** Names that say what stands in them or in which unit: `vpcId`, `cidr`, `awsRegion`, `retentionDays`. */
const telling = /(?:^(?:cidr|awsRegion)|Ids?|Arns?|Cidrs?|Days|Sec|Gib|Percent|Ms)$/;

/** Types of the libs that have a docstring: what a prop of such a type means stands there. */
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
        optional: prop.questionToken !== undefined,
        told: telling.test(prop.name.getText()) || isExplained(prop.type!, resourcesOf(file)),
      })),
    ),
);

test('every prop has a docstring, or a name with its unit, or a type that is explained where it is declared', () => {
  expect(props.length).toBeGreaterThan(300);
  expect(props.filter(({ doc, told }) => doc === '' && !told).map(({ where }) => where)).toEqual([]);
});

test('every prop that may be absent says what holds then', () => {
  const silent = props.filter(
    ({ doc, optional }) => optional && !/\b(?:default|absent|where there is one)\b/i.test(doc),
  );
  expect(silent.map(({ where }) => where)).toEqual([]);
});

function namesOf(isWrong: (construct: Documented, name: string) => boolean): string[] {
  return [...constructs].filter(([name, it]) => isWrong(it, name)).map(([name, { path }]) => `${path}: ${name}`);
}

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

function sentences(doc: string): string[] {
  return doc.split(/\n\n|(?<=[.;])\s+(?![^(]*\))/);
}

/** Classes of the provider that a file imports: an attribute of that type is a resource of AWS. */
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
