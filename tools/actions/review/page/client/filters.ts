import { h } from './dom';
import { actionOrder, actionWords, isChanged, type Estate, type Stack } from './estate';

/** What is looked for; an empty text looks for everything. */
export interface Wanted {
  readonly words: string;
  readonly region: string;
  readonly owner: string;
  readonly risk: string;
  readonly action: string;
}

export const everything: Wanted = { words: '', region: '', owner: '', risk: '', action: '' };

/** The value for stacks that belong to no region. */
const global = 'global';

export function matches(stack: Stack, { words, region, owner, risk, action }: Wanted): boolean {
  return (
    (region === '' || (stack.region ?? global) === region) &&
    (owner === '' || stack.owner === owner) &&
    (risk === '' || (risk === 'any' ? stack.worst === 'block' || stack.worst === 'warn' : stack.worst === risk)) &&
    (action === '' || (action === 'any' ? isChanged(stack) : stack.actions.some(([each]) => each === action))) &&
    words
      .toLowerCase()
      .split(/\s+/)
      .every((word) => stack.words.includes(word))
  );
}

export interface Filters {
  /** The search field, for the key that goes there. */
  readonly search: HTMLInputElement;
  reset(): void;
  /** Says how many stacks match. */
  say(text: string): void;
}

/** Fills the form; `changed` gets what is wanted from now on. */
export function makeFilters(form: HTMLElement, estate: Estate, changed: (wanted: Wanted) => void): Filters {
  const { stacks, review, map } = estate;
  let wanted = everything;
  const set = (change: Partial<Wanted>) => {
    wanted = { ...wanted, ...change };
    changed(wanted);
  };
  const select = (name: keyof Wanted, label: string, options: readonly (readonly [string, string])[]) => {
    const element: HTMLSelectElement = h(
      'select',
      {
        name,
        'aria-label': label,
        change: () => {
          element.classList.toggle('set', element.value !== '');
          set({ [name]: element.value });
        },
      },
      h('option', { value: '' }, `${label}: all`),
      options.map(([value, text]) => h('option', { value }, text)),
    );
    return element;
  };
  const plain = (values: Iterable<string>) => [...new Set(values)].map((value) => [value, value] as const);
  const search = h('input', {
    type: 'search',
    id: 'search',
    placeholder: 'Search stacks, resources, owners   /',
    'aria-label': 'Search',
    'aria-keyshortcuts': '/',
    autocomplete: 'off',
    spellcheck: 'false',
    input: () => set({ words: search.value.trim() }),
  });
  const present = new Set(stacks.flatMap(({ actions }) => actions.map(([action]) => action)));
  const selects = [
    select('region', 'Region', [
      ...plain(map.regions.map(({ key }) => key)),
      ...(stacks.some(({ region }) => region === null) ? [[global, 'global'] as const] : []),
    ]),
    select('owner', 'Owner', plain(stacks.flatMap(({ owner }) => owner ?? []).sort())),
    ...(review
      ? [
          select('risk', 'Risk', [
            ['any', 'blocks and warnings'],
            ['block', 'blocks'],
            ['warn', 'warnings'],
            ['note', 'notes'],
          ]),
          select('action', 'Action', [
            ['any', 'any change'],
            ...actionOrder
              .filter((action) => present.has(action))
              .map((action) => [action, actionWords[action]] as const),
          ]),
        ]
      : []),
  ];
  const said = h('output', { 'aria-live': 'polite' });
  const clear = h('button', { type: 'button', hidden: true, click: () => filters.reset() }, 'Clear');
  form.append(search, ...selects, clear, said, themeButton());
  form.addEventListener('submit', (event) => event.preventDefault());
  const filters: Filters = {
    search,
    reset() {
      search.value = '';
      for (const element of selects) {
        element.value = '';
        element.classList.remove('set');
      }
      set(everything);
    },
    say(text) {
      said.textContent = text;
      clear.hidden = Object.values(wanted).every((value) => value === '');
    },
  };
  return filters;
}

function themeButton(): HTMLButtonElement {
  const root = document.documentElement;
  const isDark = () =>
    root.dataset['theme'] === undefined
      ? matchMedia('(prefers-color-scheme: dark)').matches
      : root.dataset['theme'] === 'dark';
  const label = () => (isDark() ? 'Light' : 'Dark');
  const button: HTMLButtonElement = h(
    'button',
    {
      type: 'button',
      class: 'theme',
      click: () => {
        root.dataset['theme'] = isDark() ? 'light' : 'dark';
        button.textContent = label();
      },
    },
    label(),
  );
  return button;
}
