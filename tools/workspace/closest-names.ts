/** The names that are nearest to what was written, at most three, and none that is more than a third of its letters away. */
export function closestNames(written: string, names: readonly string[]): string[] {
  const most = Math.max(2, Math.floor(written.length / 3));
  const measured = [...new Set(names)].map((name) => ({ name, edits: editDistance(written, name) }));
  const least = Math.min(most, ...measured.map(({ edits }) => edits));
  return measured
    .filter(({ edits }) => edits === least)
    .map(({ name }) => name)
    .sort()
    .slice(0, 3);
}

/** Letters to insert, delete, replace or swap with their neighbour (optimal string alignment). */
export function editDistance(one: string, other: string): number {
  const rows = [Array.from({ length: other.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= one.length; row++) {
    const [before, last] = [rows[row - 2], rows[row - 1]!];
    const next = [row];
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1];
      let least = Math.min(last[column]! + 1, next[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      const swapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (before && column > 1 && swapped) least = Math.min(least, before[column - 2]! + 1);
      next.push(least);
    }
    rows.push(next);
  }
  return rows[one.length]![other.length]!;
}
