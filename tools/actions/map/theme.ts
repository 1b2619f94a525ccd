/** Colours by name. Text has a contrast of 4.5:1 on what it stands on, lines and marks 3:1 (WCAG 2.2, 1.4.3 and 1.4.11). */
export type Theme = Readonly<Record<string, string>>;

export const light: Theme = {
  page: '#ffffff',
  region: '#f4f6f8',
  box: '#ffffff',
  cell: '#eef1f4',
  line: '#d3d9e0',
  strong: '#7a848f',
  text: '#1b2128',
  muted: '#56606b',
  accent: '#0b5fcc',
  create: '#1a7431',
  'create-soft': '#ddf3e2',
  update: '#835800',
  'update-soft': '#fbedc8',
  replace: '#a84300',
  'replace-soft': '#fde4d3',
  delete: '#b91f2b',
  'delete-soft': '#fbdfe0',
  other: '#3f5a8a',
  'other-soft': '#e2e9f5',
};

export const dark: Theme = {
  page: '#0e1319',
  region: '#141a22',
  box: '#1b222c',
  cell: '#242d38',
  line: '#333d49',
  strong: '#76818e',
  text: '#e9eef4',
  muted: '#a0abb8',
  accent: '#6cb2ff',
  create: '#6fd287',
  'create-soft': '#17351f',
  update: '#e8bb57',
  'update-soft': '#3a2f12',
  replace: '#f79a5f',
  'replace-soft': '#41260f',
  delete: '#ff8f8c',
  'delete-soft': '#47191c',
  other: '#9fbdf0',
  'other-soft': '#1e2c45',
};

/** Colours of owners, in the order of the owners' names. None is the colour of an action. */
const ownerColours: readonly (readonly [light: string, dark: string])[] = [
  ['#0b6bcb', '#58a6ff'],
  ['#8a3ffc', '#b48cff'],
  ['#00808a', '#3fc4cd'],
  ['#b4308a', '#f07cc4'],
  ['#6b5b3a', '#c5b083'],
  ['#4747c2', '#8f93ff'],
  ['#54606d', '#93a1b0'],
  ['#5d7000', '#aec34b'],
];

/** Colours of owners in a theme. */
export function ownerColoursOf(theme: Theme): string[] {
  return ownerColours.map((pair) => pair[theme === dark ? 1 : 0]);
}

/** Class of an owner's colour; colours repeat after eight owners, whose names stand beside them. */
export function ownerClass(owner: string | null, owners: readonly string[]): string {
  const index = owner === null ? -1 : owners.indexOf(owner);
  return index < 0 ? 'own-none' : `own-${index % ownerColours.length}`;
}

/** The theme as custom properties, for a page. */
export function properties(theme: Theme): string {
  return [
    ...Object.entries(theme).map(([name, colour]) => `--${name}:${colour}`),
    ...ownerColoursOf(theme).map((colour, place) => `--own-${place}:${colour}`),
  ].join(';');
}

/** Rules of the picture. Colours are custom properties, which {@link literal} replaces where a reader knows none. */
export const pictureCss = [
  `text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:12px;fill:var(--text)}`,
  '.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:10.5px;fill:var(--muted)}',
  '.muted,.fact{fill:var(--muted)}.fact{font-size:11px}.name{font-weight:600}.title{font-size:15px;font-weight:650}',
  '.label{font-size:10px;font-weight:650;letter-spacing:.06em;fill:var(--muted)}.small{font-size:10px;fill:var(--muted)}',
  '.region{fill:var(--region);stroke:var(--line)}.box{fill:var(--box);stroke:var(--line)}.cell{fill:var(--cell)}',
  '.tag{fill:var(--cell);stroke:var(--line)}',
  '.wire{fill:none;stroke:var(--strong);stroke-width:1.25}.wire.dash{stroke-dasharray:4 3}.arrow{fill:var(--strong)}',
  '.data{stroke:var(--accent)}.arrow.data{fill:var(--accent);stroke:none}',
  ...['create', 'update', 'replace', 'delete', 'other'].map(
    (action) =>
      `.pill-${action}{fill:var(--${action}-soft);stroke:var(--${action})}.ink-${action}{fill:var(--${action});font-size:10.5px;font-weight:650}` +
      `.on-${action}>.box{stroke:var(--${action});stroke-width:1.5}`,
  ),
  '.risk-block{fill:var(--delete)}.risk-warn{fill:var(--update)}.risk-ink{fill:var(--page);font-size:10px;font-weight:800}',
  ...ownerColours.map((_, place) => `.own-${place}{fill:var(--own-${place})}`),
  '.own-none{fill:var(--strong)}',
].join('\n');

/** CSS with the colours of a theme in the place of custom properties, for programs that draw an SVG file by itself. */
export function literal(css: string, theme: Theme): string {
  return css.replaceAll(/var\(--([a-z0-9-]+)\)/g, (_, name: string) => {
    const owner = /^own-(\d)$/.exec(name);
    return owner ? ownerColoursOf(theme)[Number(owner[1])]! : theme[name]!;
  });
}
