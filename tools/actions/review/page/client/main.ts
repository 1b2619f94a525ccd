import type { PageData } from '../page-data';
import { h, type Child } from './dom';
import { Estate, isChanged } from './estate';
import { makeFilters, matches, type Wanted } from './filters';
import { overview, stackDetails, type Navigation } from './panel';
import { Picture } from './picture';

const byId = (id: string) => document.getElementById(id)!;
const estate = new Estate(JSON.parse(byId('data').textContent) as PageData);
const panel = byId('panel');
let selected: string | null = null;
let shown = estate.stacks;
/** Where the list was scrolled to when a stack was opened. */
let scrolled = 0;

const navigation: Navigation = {
  open: (stack) => show(stack),
  close: () => show(null),
};
const picture = new Picture(document.querySelector<SVGSVGElement>('#map')!, estate, (stack) => show(stack));
const filters = makeFilters(byId('filters'), estate, apply);

function apply(wanted: Wanted): void {
  shown = estate.stacks.filter((stack) => matches(stack, wanted));
  const all = shown.length === estate.stacks.length;
  picture.filter(all ? null : new Set(shown.map(({ stack }) => stack)));
  filters.say(all ? '' : `${shown.length} of ${estate.stacks.length} stacks`);
  if (selected === null) fill(overview(estate, shown, navigation));
  else if (!all) show(null);
}

function show(name: string | null): void {
  if (selected === null) scrolled = panel.scrollTop;
  const stack = estate.get(name);
  selected = stack ? stack.stack : null;
  picture.select(stack);
  fill(stack ? stackDetails(stack, estate, navigation) : overview(estate, shown, navigation));
  panel.scrollTop = stack ? 0 : scrolled;
  const hash = stack ? `#${encodeURIComponent(stack.stack)}` : '#';
  if (location.hash !== hash && !(hash === '#' && location.hash === '')) history.replaceState(null, '', hash);
  if (stack) {
    panel.focus({ preventScroll: true });
    // Below the picture on a narrow screen.
    if (getComputedStyle(panel).position === 'static') panel.scrollIntoView({ block: 'start' });
  }
}

function fill(content: Child): void {
  panel.replaceChildren();
  panel.append(...h('div', {}, content).childNodes);
}

document.addEventListener('keydown', (event) => {
  const typing = (event.target as Element).closest('input, select, textarea');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    filters.search.focus();
    filters.search.select();
  } else if (event.key === 'Escape') {
    if (selected !== null) {
      show(null);
      picture.focus();
    } else {
      filters.reset();
      if (typing) picture.focus();
    }
  }
});

/** A printed page has the details of every stack that changes. */
addEventListener('beforeprint', () => {
  const changed = estate.stacks.filter(isChanged);
  byId('printed').replaceChildren(
    h('div', {}, overview(estate, estate.stacks, null)),
    ...changed.map((stack) => h('section', {}, stackDetails(stack, estate, null))),
  );
});
addEventListener('afterprint', () => byId('printed').replaceChildren());
addEventListener('hashchange', () => show(stackOfHash()));

function stackOfHash(): string | null {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return null;
  }
}

show(stackOfHash());
