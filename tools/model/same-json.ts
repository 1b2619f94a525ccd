/**
 * Whether two texts of JSON mean the same: order of fields, white space and escapes do not count. In an IAM policy neither
 * does the order of actions, resources and principals, nor whether a single one stands in a list (IAM user guide,
 * "IAM JSON policy elements reference").
 */
export function sameJson(one: string, other: string): boolean {
  if (losesMeaning(one) || losesMeaning(other)) return false;
  try {
    return canonical(JSON.parse(one)) === canonical(JSON.parse(other));
  } catch {
    return false;
  }
}

/** Whether parsing would lose a part of a text: a number too long for it, or a name that an object has twice. */
function losesMeaning(text: string): boolean {
  let names = 0;
  for (const [token, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|-?\d[\d.eE+-]*/g)) {
    if (colon !== undefined) names++;
    else if (!token.startsWith('"') && String(Number(token)) !== token) return true;
  }
  return names !== countNames(parsed(text));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function countNames(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce<number>((sum, inside) => sum + countNames(inside), own);
}

/** Elements of a policy's statement whose lists have no order. */
const unordered = /^(Not)?(Action|Resource|Principal)$/;

function canonical(document: unknown): string {
  const policy = document as { readonly Statement?: unknown; readonly Version?: unknown } | null;
  const isPolicy = typeof policy === 'object' && policy !== null && policy.Statement !== undefined;
  if (!isPolicy) return JSON.stringify(sorted(document));
  const statements = [policy.Statement].flat().map((each) => sorted(each, 'statement'));
  return JSON.stringify(sorted({ ...policy, Statement: statements }));
}

function sorted(value: unknown, of?: 'statement' | 'list'): unknown {
  if (Array.isArray(value)) {
    const list = value.map((each) => sorted(each));
    if (of !== 'list') return list;
    const texts = list.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
    return texts.length === 1 ? texts[0] : texts;
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inside]): [string, unknown] => {
        const isList = of === 'list' || (of === 'statement' && unordered.test(name));
        return [name, sorted(inside, isList ? 'list' : undefined)];
      }),
  );
}
