/** Text in columns; the columns in `numbers` are aligned on the right. A row may be shorter than the head. */
export function table(options: {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly numbers?: readonly number[];
}): string {
  const { head, numbers = [] } = options;
  const rows = [head, ...options.rows];
  // A short row, such as a sum, does not widen the columns of the others by its last cell.
  const widths = head.map((_, column) =>
    Math.max(...rows.filter((row) => row.length === head.length).map((row) => row[column]!.length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          numbers.includes(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
