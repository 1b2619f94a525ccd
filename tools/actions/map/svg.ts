/* Parts of an SVG as text. Every text from outside goes through {@link escapeXml}. */

/** A line of text whose baseline is at `y`. */
export function text(x: number, y: number, cls: string, content: string, anchor?: 'middle' | 'end'): string {
  return `<text${cls ? ` class="${cls}"` : ''} x="${round(x)}" y="${round(y)}"${anchor ? ` text-anchor="${anchor}"` : ''}>${escapeXml(content)}</text>`;
}

/** A rounded area. */
export function band(x: number, y: number, w: number, h: number): string {
  return `<rect class="region" x="${x}" y="${y}" width="${w}" height="${h}" rx="10"/>`;
}

/** A line along a path. */
export function wire(d: string, cls = ''): string {
  return `<path class="wire${cls}" d="${d}"/>`;
}

/** A triangle whose point is at a place. */
export function arrow(x: number, y: number, to: 'right' | 'left' | 'down', cls = ''): string {
  const d = to === 'down' ? `M${x} ${y}l-4-7h8z` : to === 'right' ? `M${x} ${y}l-7-4v8z` : `M${x} ${y}l7-4v8z`;
  return `<path class="arrow${cls}" d="${d}"/>`;
}

/** A text that fits a width in pixels, with an ellipsis where it does not. */
export function fit(content: string, room: number, size: number, mono = false): string {
  if (widthOf(content, size, mono) <= room) return content;
  let kept = content;
  while (kept.length > 1 && widthOf(`${kept}…`, size, mono) > room) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

/** Widths of characters in em, wide ones for the common sans-serif fonts; the first that fits counts. */
const characterWidths: readonly (readonly [RegExp, number])[] = [
  [/[ ilj.,:;|!'()[\]·/]/, 0.34],
  [/[mwMW@%—]/, 0.92],
  [/[A-Z]/, 0.68],
  [/./s, 0.57],
];

/** Width in pixels that the common fonts stay below. */
export function widthOf(content: string, size: number, mono = false): number {
  if (mono) return content.length * size * 0.61;
  return (
    [...content].reduce((sum, each) => sum + characterWidths.find(([pattern]) => pattern.test(each))![1], 0) * size
  );
}

/** To a tenth of a pixel. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Text for the inside of an element or of an attribute in double quotes. Characters that XML does not have are left out. */
export function escapeXml(content: string): string {
  return (
    content
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  );
}
