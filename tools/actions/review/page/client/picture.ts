import type { Estate, Stack } from './estate';

/** The nodes of the picture as buttons: one of them is in the tab order, arrow keys go to the nearest in their direction. */
export class Picture {
  private readonly nodes: readonly SVGGElement[];
  private current: SVGGElement | undefined;

  constructor(
    private readonly svg: SVGSVGElement,
    private readonly estate: Estate,
    private readonly open: (stack: string) => void,
  ) {
    this.nodes = [...svg.querySelectorAll<SVGGElement>('g.node')].filter((node) => node.dataset['stack'] !== undefined);
    for (const node of this.nodes) {
      node.setAttribute('role', 'button');
      node.setAttribute('tabindex', '-1');
    }
    this.makeCurrent(this.nodes[0]);
    svg.addEventListener('click', (event) => this.openNode(nodeOf(event)));
    svg.addEventListener('focusin', (event) => this.makeCurrent(nodeOf(event)));
    svg.addEventListener('keydown', (event) => this.onKey(event));
  }

  /** Dims what does not match. */
  filter(matching: ReadonlySet<string> | null): void {
    for (const node of this.svg.querySelectorAll<SVGGElement>('g.node')) {
      node.classList.toggle('off', matching !== null && !matching.has(node.dataset['stack'] ?? ''));
    }
  }

  /** Shows which nodes are of a stack, and which stacks it reads and is read by. */
  select(stack: Stack | undefined): void {
    const [reads, readBy] = [new Set(stack?.reads), new Set(stack?.readBy)];
    for (const node of this.nodes) {
      const own = node.dataset['stack']!;
      const selected = own === stack?.stack;
      node.classList.toggle('selected', selected);
      node.classList.toggle('reads', reads.has(own));
      node.classList.toggle('readby', readBy.has(own));
      node.setAttribute('aria-pressed', String(selected));
    }
    const first = this.nodes.find((node) => node.dataset['stack'] === stack?.stack);
    if (first) this.makeCurrent(first);
  }

  /** Where the keyboard was in the picture. */
  focus(): void {
    this.current?.focus({ preventScroll: true });
  }

  private openNode(node: SVGGElement | undefined): void {
    const stack = node?.dataset['stack'];
    if (stack !== undefined && this.estate.get(stack)) this.open(stack);
  }

  private makeCurrent(node: SVGGElement | undefined): void {
    if (!node || !this.nodes.includes(node)) return;
    this.current?.setAttribute('tabindex', '-1');
    node.setAttribute('tabindex', '0');
    this.current = node;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.openNode(nodeOf(event));
      return;
    }
    const next = this.nearest(event.key);
    if (!next) return;
    event.preventDefault();
    next.focus();
  }

  /** The node in a direction whose centre is nearest; what lies beside the way counts double. */
  private nearest(key: string): SVGGElement | undefined {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    if (!direction || !this.current) return undefined;
    const [dx, dy] = direction as [number, number];
    const from = centreOf(this.current);
    let best: SVGGElement | undefined;
    let least = Infinity;
    for (const node of this.nodes) {
      if (node === this.current || node.classList.contains('off')) continue;
      const to = centreOf(node);
      const along = (to.x - from.x) * dx + (to.y - from.y) * dy;
      if (along <= 2) continue;
      const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
      if (along + 2 * aside < least) {
        least = along + 2 * aside;
        best = node;
      }
    }
    return best;
  }
}

/** Of the head of a node: a VPC is high, and what is in it has places of its own. */
function centreOf(node: SVGGElement): { readonly x: number; readonly y: number } {
  const { x, y, width, height } = node.querySelector<SVGRectElement>('rect.box')!.getBBox();
  return { x: x + width / 2, y: y + Math.min(height, 42) / 2 };
}

function nodeOf(event: Event): SVGGElement | undefined {
  return (event.target as Element).closest<SVGGElement>('g.node') ?? undefined;
}
