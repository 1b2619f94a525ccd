import ts from 'typescript';

/** A list that people write: the elements of an array, the properties of an object. */
export type ListNode = ts.ArrayLiteralExpression | ts.ObjectLiteralExpression;

interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Edits of one TypeScript file. Places are found by the syntax tree, so comments and layout of the rest stay. */
export class SourceEdit {
  readonly tree: ts.SourceFile;
  private readonly edits: TextEdit[] = [];

  constructor(
    readonly path: string,
    private readonly text: string,
  ) {
    this.tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TS);
  }

  get isChanged(): boolean {
    return this.edits.length > 0;
  }

  /** All import declarations with their module. */
  imports(): { readonly node: ts.ImportDeclaration; readonly module: string }[] {
    return this.tree.statements
      .filter(ts.isImportDeclaration)
      .map((node) => ({ node, module: (node.moduleSpecifier as ts.StringLiteral).text }));
  }

  /** The value of an exported constant, without `as const`, `satisfies` and a call around it. */
  constant(name: string): ts.Expression | undefined {
    for (const statement of this.tree.statements) {
      if (!ts.isVariableStatement(statement)) continue;
      const found = statement.declarationList.declarations.find((each) => each.name.getText() === name);
      if (found?.initializer) return bare(found.initializer);
    }
    return undefined;
  }

  /** The value of `export default`, likewise. */
  defaultExport(): ts.Expression | undefined {
    const found = this.tree.statements.find(ts.isExportAssignment);
    return found && bare(found.expression);
  }

  addImport(line: string): void {
    const last = this.imports().at(-1);
    this.insert(last ? last.node.getEnd() : 0, last ? `\n${line}` : `${line}\n`);
  }

  /** Adds an element or a property after the last one. */
  append(list: ListNode, text: string): void {
    const items = ts.isArrayLiteralExpression(list) ? list.elements : list.properties;
    const last = items.at(-1);
    if (!last) this.insert(list.getStart() + 1, `\n${text},\n`);
    // A trailing comma stays where it is, behind the new entry.
    else this.insert(last.getEnd(), `,\n${text}`);
  }

  /** Adds an element to an array that is written out; anything else stays as it is. */
  appendTo(value: ts.Expression, text: string): void {
    const list = bare(value);
    if (ts.isArrayLiteralExpression(list) && list.elements.every((each) => each.getText() !== text))
      this.append(list, text);
  }

  replace(node: ts.Node, text: string): void {
    this.edits.push({ start: node.getStart(), end: node.getEnd(), text });
  }

  /** Removes a property or an element with its comma. */
  remove(node: ts.Node): void {
    const after = /^\s*,/.exec(this.text.slice(node.getEnd()))?.[0].length ?? 0;
    this.edits.push({ start: node.getFullStart(), end: node.getEnd() + after, text: '' });
  }

  private insert(at: number, text: string): void {
    this.edits.push({ start: at, end: at, text });
  }

  /** The file with all edits. */
  toString(): string {
    // From the end, so that places before an edit stay; of two at one place the first one comes first.
    const ordered = this.edits.map((edit, index) => ({ ...edit, index }));
    ordered.sort((a, b) => b.start - a.start || b.index - a.index);
    return ordered.reduce(
      (text, { start, end, text: inserted }) => text.slice(0, start) + inserted + text.slice(end),
      this.text,
    );
  }
}

/** The properties of an object by name; those that are spread or computed have none. */
export function propertiesOf(node: ts.Expression | undefined): Map<string, ts.PropertyAssignment> {
  if (!node || !ts.isObjectLiteralExpression(node)) return new Map();
  return new Map(
    node.properties
      .filter(ts.isPropertyAssignment)
      .filter(({ name }) => ts.isIdentifier(name) || ts.isStringLiteral(name))
      .map((property) => [(property.name as ts.Identifier | ts.StringLiteral).text, property]),
  );
}

/** The object that a path of property names leads to. */
export function objectAt(
  node: ts.Expression | undefined,
  ...path: readonly string[]
): ts.ObjectLiteralExpression | undefined {
  let here = node && bare(node);
  for (const name of path) {
    const property = propertiesOf(here).get(name);
    here = property && bare(property.initializer);
  }
  return here && ts.isObjectLiteralExpression(here) ? here : undefined;
}

function bare(node: ts.Expression): ts.Expression {
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return bare(node.expression);
  if (ts.isCallExpression(node) && node.arguments.length === 1) return bare(node.arguments[0]!);
  return node;
}

/** A value as TypeScript; prettier makes it pretty. */
export function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{ ${Object.entries(value)
      .map(([name, each]) => `${propertyName(name)}: ${literal(each)}`)
      .join(', ')} }`;
  }
  return String(value);
}

export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literal(name);
}
