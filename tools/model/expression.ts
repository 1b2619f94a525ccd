/** The part of Terraform's expression language that stacks use to name what other resources and stacks have. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Expression[] }
  /** `aws_vpc.Network.id`, `data.terraform_remote_state.region-us-vpc.outputs.vpcId` */
  | { readonly kind: 'reference'; readonly path: readonly string[] }
  | { readonly kind: 'index'; readonly of: Expression; readonly by: Expression };

/** Thrown for what is valid Terraform, perhaps, but more than the route check can follow. */
export class UnreadableExpression extends Error {
  override readonly name = 'UnreadableExpression';
}

const token = /\s*(?:("(?:[^"\\]|\\.)*")|(\d+(?:\.\d+)?)|([A-Za-z_][\w-]*)|([.,()[\]]))/y;

/**
 * Reads what stands between `${` and `}`.
 * @throws UnreadableExpression for operators, loops, splats and nested templates
 */
export function parseExpression(text: string): Expression {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < text.trimEnd().length) {
    const match = token.exec(text);
    if (!match) throw new UnreadableExpression(`"${text}" has more than names, indexes and function calls`);
    tokens.push(match[0].trim());
  }
  let next = 0;
  const expect = (wanted: string) => {
    if (tokens[next++] !== wanted) throw new UnreadableExpression(`"${text}" lacks a "${wanted}"`);
  };
  const listUntil = (end: string): Expression[] => {
    const items: Expression[] = [];
    while (tokens[next] !== end) {
      items.push(expression());
      if (tokens[next] !== end) expect(',');
    }
    next++;
    return items;
  };
  const primary = (): Expression => {
    const word = tokens[next++];
    if (word === undefined) throw new UnreadableExpression(`"${text}" ends too early`);
    if (word.startsWith('"')) return { kind: 'literal', value: JSON.parse(word) as string };
    if (/^\d/.test(word)) return { kind: 'literal', value: Number(word) };
    if (word === '[') return { kind: 'list', items: listUntil(']') };
    if (word === 'true' || word === 'false') return { kind: 'literal', value: word === 'true' };
    if (word === 'null') return { kind: 'literal', value: null };
    if (!/^[A-Za-z_]/.test(word)) throw new UnreadableExpression(`"${text}" has an unexpected "${word}"`);
    if (tokens[next] === '(') {
      next++;
      return { kind: 'call', name: word, arguments: listUntil(')') };
    }
    const path = [word];
    while (tokens[next] === '.') {
      next++;
      path.push(...tokens[next++]!.split('.'));
    }
    return { kind: 'reference', path };
  };
  const expression = (): Expression => {
    let read = primary();
    while (tokens[next] === '[' || tokens[next] === '.') {
      if (tokens[next++] === '[') {
        read = { kind: 'index', of: read, by: expression() };
        expect(']');
      } else {
        const key = tokens[next++]!;
        read = { kind: 'index', of: read, by: { kind: 'literal', value: /^\d+$/.test(key) ? Number(key) : key } };
      }
    }
    return read;
  };
  const read = expression();
  if (next < tokens.length)
    throw new UnreadableExpression(`"${text}" goes on after "${tokens.slice(0, next).join('')}"`);
  return read;
}
