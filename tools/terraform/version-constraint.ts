/**
 * Whether a version satisfies a Terraform version constraint: `5.100.0`, `>= 5.0, < 6.0`, `~> 5.100`. As in Terraform,
 * a prerelease is only allowed by a constraint that names it.
 */
export function allows(constraint: string, version: string): boolean {
  if (!/^\d+(\.\d+)*(-[\w.-]+)?$/.test(version)) return false;
  return constraint.split(',').every((part) => {
    const match = /^\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+)*(?:-[\w.-]+)?)\s*$/.exec(part);
    if (!match) return false;
    const [, operator = '=', wanted] = match;
    if (version.includes('-') || wanted!.includes('-')) return operator === '=' && version === wanted;
    const order = compare(version, wanted!);
    switch (operator) {
      case '=':
        return order === 0;
      case '!=':
        return order !== 0;
      case '>':
        return order > 0;
      case '>=':
        return order >= 0;
      case '<':
        return order < 0;
      case '<=':
        return order <= 0;
      default:
        return order >= 0 && staysIn(version, wanted!);
    }
  });
}

/** `~> 5.100.1` lets only the last part grow; `~> 5` all of it. */
function staysIn(version: string, wanted: string): boolean {
  const fixed = wanted.split('.').slice(0, -1);
  return fixed.every((part, index) => Number(version.split('.')[index] ?? 0) === Number(part));
}

function compare(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => text.split('.').map(Number));
  for (let index = 0; index < Math.max(x!.length, y!.length); index++) {
    const difference = (x![index] ?? 0) - (y![index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
