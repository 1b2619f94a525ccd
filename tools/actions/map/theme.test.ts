import { dark, light, ownerColoursOf, type Theme } from './theme';

/** Relative luminance and contrast as in WCAG 2.2: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(one: string, other: string): number {
  const luminance = (colour: string) => {
    const [r, g, b] = [1, 3, 5]
      .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)) as [number, number, number];
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const grounds = ['page', 'region', 'box', 'cell'];
const actions = ['create', 'update', 'replace', 'delete', 'other'];

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('the %s theme', (_, theme) => {
  const pairs = (texts: readonly string[], on: readonly string[]) =>
    texts.flatMap((text) => on.map((ground) => [text, ground] as const));
  const below = (least: number, checked: readonly (readonly [string, string])[], of: Theme = theme) =>
    checked.filter(([text, ground]) => contrast(of[text]!, of[ground]!) < least).map((pair) => pair.join(' on '));

  it('has text with a contrast of 4.5:1', () => {
    expect(below(4.5, pairs(['text', 'muted'], grounds))).toEqual([]);
    expect(below(4.5, pairs(['accent'], ['page', 'box', 'region']))).toEqual([]);
    expect(
      below(
        4.5,
        actions.map((action) => [action, `${action}-soft`] as const),
      ),
    ).toEqual([]);
    expect(below(4.5, pairs(['text'], ['create-soft', 'delete-soft']))).toEqual([]);
  });

  it('has borders of changes, wires and owners with a contrast of 3:1', () => {
    expect(below(3, pairs([...actions, 'strong'], ['page', 'box', 'region']))).toEqual([]);
    expect(ownerColoursOf(theme).filter((colour) => contrast(colour, theme['box']!) < 3)).toEqual([]);
  });
});
