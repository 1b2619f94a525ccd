import ts from 'typescript';
import type { SourceEdit } from './source-edit';

/**
 * Gives a list a further entry for each that stands for a region or a folder: `{ us, ap }` becomes `{ us, ap, eu }`. Entries
 * are found by what they use of the imports below `from`; the new ones use the same below `to`. A file that imports from
 * `to` has them, and stays as it is.
 * @param words what else differs in the entries, such as the region's key: property names and texts that equal one
 */
export function cloneEntries(
  source: SourceEdit,
  { from, to, words }: { readonly from: string; readonly to: string; readonly words: Readonly<Record<string, string>> },
): void {
  const imports = source.imports();
  if (imports.some(({ module }) => isBelow(module, to))) return;
  const bindings = new Map<string, string>();
  const taken = new Set(imports.flatMap(({ node }) => localsOf(node)));
  const lines: string[] = [];
  for (const { node, module } of imports.filter((each) => isBelow(each.module, from))) {
    for (const local of localsOf(node)) bindings.set(local, free(renamed(local, words), taken));
    lines.push(
      node
        .getText()
        .replace(module, `${to}${module.slice(from.length)}`)
        .replaceAll(/\b[A-Za-z_$][\w$]*\b(?=[^'"]*from)/g, (word) => bindings.get(word) ?? word),
    );
  }
  if (bindings.size === 0) return;
  const regional = new Map(imports.flatMap(({ node, module }) => localsOf(node).map((local) => [local, module])));
  const isOther = (name: string) => !bindings.has(name) && /^@platform\/region-/.test(regional.get(name) ?? '');
  const clone = (entry: ts.Node) => copyOf(entry, bindings, words);
  let found = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isArrayLiteralExpression(node) || ts.isObjectLiteralExpression(node)) {
      const items: readonly ts.Node[] = ts.isArrayLiteralExpression(node) ? node.elements : node.properties;
      const whole = items.filter(
        (item) =>
          isRenamed(item, words) && usesOf(item).some((name) => bindings.has(name)) && !usesOf(item).some(isOther),
      );
      if (whole.length > 0) {
        source.append(node, whole.map(clone).join(',\n'));
        found += whole.length;
        return;
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source.tree);
  if (found > 0) for (const line of lines) source.addImport(line);
}

/** Whether a copy of the entry can stand beside it: properties need another name, elements do not. */
function isRenamed(item: ts.Node, words: Readonly<Record<string, string>>): boolean {
  if (ts.isShorthandPropertyAssignment(item)) return words[item.name.text] !== undefined;
  if (!ts.isPropertyAssignment(item)) return true;
  return (ts.isIdentifier(item.name) || ts.isStringLiteral(item.name)) && words[item.name.text] !== undefined;
}

const isBelow = (module: string, folder: string) => module === folder || module.startsWith(`${folder}/`);

function localsOf({ importClause }: ts.ImportDeclaration): string[] {
  const named = importClause?.namedBindings;
  return [
    ...(importClause?.name ? [importClause.name.text] : []),
    ...(named && ts.isNamedImports(named) ? named.elements.map(({ name }) => name.text) : []),
  ];
}

/** `apVpc` is `euVpc` with `{ ap: 'eu' }`; a name without the word gets it behind. */
function renamed(local: string, words: Readonly<Record<string, string>>): string {
  for (const [word, other] of Object.entries(words)) {
    const start = camel(word);
    if (local === start) return camel(other);
    if (local.startsWith(start) && /^[A-Z]/.test(local.slice(start.length)))
      return camel(other) + local.slice(start.length);
  }
  const [other] = Object.values(words);
  return local + capital(camel(other ?? 'other'));
}

function free(name: string, taken: Set<string>): string {
  let candidate = name;
  for (let count = 2; taken.has(candidate); count++) candidate = `${name}${count}`;
  taken.add(candidate);
  return candidate;
}

const camel = (word: string) =>
  word.replaceAll(/[^A-Za-z0-9]+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

/** Names that an entry uses, without its property names. */
function usesOf(node: ts.Node): string[] {
  const names: string[] = [];
  const visit = (each: ts.Node): void => {
    if (ts.isShorthandPropertyAssignment(each)) names.push(each.name.text);
    else if (ts.isIdentifier(each) && !(ts.isPropertyAssignment(each.parent) && each.parent.name === each))
      names.push(each.text);
    else ts.forEachChild(each, visit);
  };
  visit(node);
  return names;
}

function copyOf(node: ts.Node, bindings: ReadonlyMap<string, string>, words: Readonly<Record<string, string>>): string {
  const text = node.getSourceFile().text;
  const edits: { start: number; end: number; text: string }[] = [];
  const visit = (each: ts.Node): void => {
    const set = (value: string) => edits.push({ start: each.getStart(), end: each.getEnd(), text: value });
    if (ts.isShorthandPropertyAssignment(each)) {
      const name = each.name.text;
      const key = words[name] ?? name;
      const value = bindings.get(name) ?? name;
      set(key === value ? key : `${key}: ${value}`);
    } else if (ts.isStringLiteral(each)) {
      if (words[each.text] !== undefined) set(`'${words[each.text]}'`);
    } else if (ts.isIdentifier(each)) {
      const isKey = ts.isPropertyAssignment(each.parent) && each.parent.name === each;
      const value = isKey ? words[each.text] : bindings.get(each.text);
      if (value !== undefined) set(isKey && !/^[A-Za-z_$][\w$]*$/.test(value) ? `'${value}'` : value);
    } else ts.forEachChild(each, visit);
  };
  visit(node);
  const start = node.getStart();
  return edits
    .sort((a, b) => b.start - a.start)
    .reduce(
      (copy, edit) => copy.slice(0, edit.start - start) + edit.text + copy.slice(edit.end - start),
      text.slice(start, node.getEnd()),
    );
}
