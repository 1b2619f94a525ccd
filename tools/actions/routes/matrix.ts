import { table } from '@platform/tools/session/table';
import type { PolicyAnswers } from './check-policy';

/**
 * What two groups of networks are to each other.
 *
 * - `reaches`: allowed, and every pair of them does, replies included
 * - `cut`: allowed, and at least one pair does not
 * - `apart`: not allowed, and no packet arrives
 * - `leak`: not allowed, and packets of at least one pair arrive
 * - `none`: a network alone in its group, and itself
 */
export type Cell = 'reaches' | 'cut' | 'apart' | 'leak' | 'none';

/** Who reaches whom, by segment and region: `prod us`, `on-premises`. */
export interface Matrix {
  readonly groups: readonly string[];
  /** By row (sender) and column (receiver), in the order of the groups. */
  readonly cells: readonly (readonly Cell[])[];
}

/** Sums the pairs up; one that is wrong decides about its cell. */
export function matrixOf({ ends, pairs }: Pick<PolicyAnswers, 'ends' | 'pairs'>): Matrix {
  const groupOf = new Map(ends.map(({ name, segment, region }) => [name, region ? `${segment} ${region}` : segment]));
  const groups = [...new Set(groupOf.values())].sort();
  const cells = groups.map((from) =>
    groups.map((to): Cell => {
      const between = pairs.filter((pair) => groupOf.get(pair.from) === from && groupOf.get(pair.to) === to);
      const wrong = between.find(({ allowed, reaches }) => allowed !== reaches);
      if (wrong) return wrong.allowed ? 'cut' : 'leak';
      if (between.length === 0) return 'none';
      return between[0]!.allowed ? 'reaches' : 'apart';
    }),
  );
  return { groups, cells };
}

const signs: Readonly<Record<Cell, string>> = { reaches: 'yes', cut: 'CUT', apart: '–', leak: 'LEAK', none: '' };

/** The matrix as text, senders in rows. */
export function formatMatrix({ groups, cells }: Matrix): string {
  return table({
    head: ['from \\ to', ...groups],
    rows: groups.map((group, row) => [group, ...cells[row]!.map((cell) => signs[cell])]),
  });
}

const colours: Readonly<Record<Cell, string>> = {
  reaches: '#9ccc9c',
  cut: '#f2a65a',
  apart: '#e8e8e8',
  leak: '#e06666',
  none: '#ffffff',
};
const side = 64;

/** The matrix as a picture: green reaches, grey is apart, orange is cut, red leaks. */
export function drawMatrix({ groups, cells }: Matrix, title: string): string {
  const margin = 30 + 8 * Math.max(0, ...groups.map((group) => group.length));
  const size = margin + side * groups.length;
  const label = (text: string, x: number, y: number, anchor: string, turn = '') =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}"${turn}>${escape(text)}</text>`;
  const parts = groups.flatMap((group, row) => {
    const middle = margin + row * side + side / 2;
    return [
      label(group, margin - 8, middle + 4, 'end'),
      label(group, middle, margin - 8, 'start', ` transform="rotate(-45 ${middle} ${margin - 8})"`),
      ...cells[row]!.flatMap((cell, column) => {
        const x = margin + column * side;
        const y = margin + row * side;
        return [
          `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="${colours[cell]}" stroke="#ffffff"/>`,
          label(signs[cell], x + side / 2, y + side / 2 + 4, 'middle'),
        ];
      }),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${size + margin}" height="${size + 20}" font-family="sans-serif" font-size="12">`,
    `<title>${escape(title)}</title>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
