import {
  homesOf,
  kindNames,
  nodeKinds,
  type EstateMap,
  type Homes,
  type MapLink,
  type MapNode,
  type MapStack,
} from '@platform/tools/model/estate-map';
import { badgesOf, markActions, wordsOf, type Marks } from './mark';
import { arrow, band, escapeXml, fit, round, text, widthOf, wire } from './svg';
import { dark, light, literal, ownerClass, pictureCss } from './theme';

/** Id of a stack in the picture that has no node. */
export function tileId(stack: string): string {
  return `stack/${stack}`;
}

const column = 456;
const gap = 112;
const margin = 16;
const inner = 14;
/** Where wires run between a column's boxes and its border. */
const gutter = 16;
const card = 42;
const row = 30;

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

interface ElementOptions {
  readonly id: string;
  readonly stack: MapStack | undefined;
  /** What it is, for people who hear the picture. */
  readonly what: string;
  readonly facts: readonly string[];
  readonly at: Rectangle;
  /** Middle of the marks, below the top. */
  readonly markY: number;
  /** Most that the marks may take. */
  readonly room?: number;
}

/**
 * The picture of an estate as the inside of an `svg` element: regions side by side, layers from the edge to on-premises below each
 * other, counterparts at the same height. Places follow from names alone, so that a change moves only what it is about.
 */
export function drawEstate(
  map: EstateMap,
  marks?: Marks,
): { readonly width: number; readonly height: number; readonly body: string } {
  const drawing = new Drawing(map, marks);
  drawing.draw();
  return { width: drawing.width, height: drawing.y, body: drawing.body() };
}

/** The picture as a file by itself, which follows the reader's light or dark setting. */
export function estateSvg(map: EstateMap): string {
  const { width, height, body } = drawEstate(map);
  const style = `${literal(pictureCss, light)}\n@media(prefers-color-scheme:dark){${literal(pictureCss, dark)}}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(titleOf(map))}</title>`,
    `<style>${style}</style>`,
    `<rect class="box" width="${width}" height="${height}" rx="8"/>`,
    body,
    '</svg>',
    '',
  ].join('\n');
}

/** `Estate of example, prod: us, ap` */
export function titleOf({ organisation, environment, regions }: EstateMap): string {
  const name = [organisation && `of ${organisation}`, environment].filter(Boolean).join(', ');
  return `Estate${name ? ` ${name}` : ''}: ${regions.map(({ key }) => key).join(', ')}`;
}

class Drawing {
  readonly width: number;
  y = margin;
  private readonly boxes: string[] = [];
  private readonly wires: string[] = [];
  private readonly cards: string[] = [];
  private readonly places = new Map<string, Rectangle>();
  private readonly owners: readonly string[];
  private readonly stacks: ReadonlyMap<string, MapStack>;
  private readonly compact: boolean;

  private readonly map: EstateMap;
  private readonly homes: Homes;

  constructor(
    map: EstateMap,
    private readonly marks: Marks | undefined,
  ) {
    const { regions, stacks, nodes, links } = map;
    // Places follow from names, whatever the order in which the stacks are read.
    this.map = {
      ...map,
      stacks: [...stacks].sort((a, b) => order(a.stack, b.stack)),
      nodes: [...nodes].sort(
        (a, b) => nodeKinds.indexOf(a.kind) - nodeKinds.indexOf(b.kind) || order(a.name, b.name) || order(a.id, b.id),
      ),
      links: [...links].sort((a, b) => order(a.id, b.id)),
    };
    this.homes = homesOf(this.map);
    this.width = 2 * margin + Math.max(1, regions.length) * column + Math.max(0, regions.length - 1) * gap;
    this.owners = ownersOf(map);
    this.stacks = new Map(stacks.map((stack) => [stack.stack, stack]));
    const vpcs = nodes.filter(({ kind }) => kind === 'vpc');
    this.compact = regions.some(({ key }) => vpcs.filter(({ region }) => region === key).length > 3);
  }

  body(): string {
    return [...this.boxes, ...this.wires, ...this.cards].join('\n');
  }

  draw(): void {
    this.legend();
    this.globalBand();
    const top = this.y;
    this.y += 46;
    this.networks();
    this.hubs();
    this.data('DATA', ['database', 'cache', 'table', 'bucket']);
    this.data('STATE', ['state-bucket']);
    this.tiles();
    this.regionBoxes(top, this.y);
    this.outsideBand();
    this.y += margin;
  }

  private legend(): void {
    if (this.owners.length === 0) return;
    const parts: string[] = [text(margin, this.y + 10, 'label', 'OWNERS')];
    let x = margin + 62;
    for (const owner of this.owners) {
      const w = 26 + widthOf(owner, 11);
      if (x + w > this.width - margin) {
        x = margin + 62;
        this.y += 20;
      }
      parts.push(
        `<rect class="${ownerClass(owner, this.owners)}" x="${x}" y="${this.y}" width="12" height="12" rx="3"/>`,
        text(x + 17, this.y + 10, 'fact', owner),
      );
      x += round(w);
    }
    const right = this.width - margin;
    if (x < right - 220) {
      parts.push(
        wire(`M${right - 206} ${this.y + 6}H${right - 180}`),
        text(right - 174, this.y + 10, 'fact', 'network'),
        wire(`M${right - 106} ${this.y + 6}H${right - 86}`, ' data'),
        arrow(right - 80, this.y + 6, 'right', ' data'),
        text(right - 74, this.y + 10, 'fact', 'replication'),
      );
    }
    this.boxes.push(...parts);
    this.y += 26;
  }

  /** What exists once, and the distributions above their regions. */
  private globalBand(): void {
    const { nodes } = this.map;
    const once = nodes.filter((node) => node.region === null && !isOutside(node));
    const distributions = nodes.filter(({ kind, region }) => kind === 'distribution' && region !== null);
    const tiles = this.tilesOf(null);
    if (once.length + distributions.length + tiles.length === 0) return;
    const top = this.y;
    this.y += 32;
    this.grid(
      once.map((node) => ({ id: node.id, draw: (at) => this.nodeCard(node, at) })),
      margin + inner,
      this.width - margin - inner,
      196,
      card,
    );
    this.grid(
      tiles.map((stack) => ({ id: tileId(stack.stack), draw: (at) => this.tile(stack, at) })),
      margin + inner,
      this.width - margin - inner,
      196,
      row,
    );
    if (distributions.length > 0) {
      const heights = this.map.regions.map(({ key }, index) => {
        const own = distributions.filter(({ region }) => region === key);
        const x = this.columnX(index);
        const before = this.y;
        this.grid(
          own.map((node) => ({ id: node.id, draw: (at) => this.nodeCard(node, at) })),
          x + inner,
          x + column - inner,
          200,
          card,
        );
        const after = this.y;
        this.y = before;
        return after;
      });
      this.y = Math.max(...heights);
    }
    this.y += 6;
    this.boxes.push(
      band(margin, top, this.width - 2 * margin, this.y - top),
      text(margin + inner, top + 21, 'label', 'GLOBAL'),
    );
    for (const node of distributions) {
      const { x, y, w, h } = this.places.get(node.id)!;
      const down = this.y + 22;
      this.wires.push(wire(`M${x + w / 2} ${y + h}V${down - 5}`), arrow(x + w / 2, down, 'down'));
    }
    this.y += 22;
  }

  private networks(): void {
    const vpcs = this.perRegion((node) => node.kind === 'vpc');
    if (this.compact) {
      this.section('NETWORKS', vpcs, (own, x) => this.cardGrid(own, x, 2, gutter));
      this.section('WORKLOADS', this.perRegion(isWorkload), (own, x) => this.cardGrid(own, x, 2, gutter));
      return;
    }
    this.section('NETWORKS', vpcs, () => {}, 0);
    const inVpc = new Set(vpcs.flat().map(({ id }) => id));
    for (const key of keysOf(vpcs)) {
      const heights = vpcs.map((own, index) => {
        const node = own.find((each) => keyOf(each) === key);
        return node ? this.vpc(node, this.columnX(index) + inner) : 0;
      });
      this.y += Math.max(...heights) + 10;
    }
    // What is in a VPC that another estate makes.
    const elsewhere = this.perRegion((node) => isWorkload(node) && !inVpc.has(node.vpc ?? ''));
    this.section('WORKLOADS', elsewhere, (own, x) => this.cardGrid(own, x, 2, 0));
  }

  /** Draws a VPC at the present height; gives its own. */
  private vpc(node: MapNode, x: number): number {
    const w = column - 2 * inner - gutter;
    const top = this.y;
    const labels = 78;
    const tiers = node.tiers ?? [];
    const zones = [...new Set(tiers.flatMap(({ subnets }) => subnets.map(({ zone }) => zone)))].sort();
    const area = w - labels - 10;
    const cellW = (area - (zones.length - 1) * 6) / Math.max(1, zones.length);
    const parts: string[] = [];
    let y = top + 48;
    parts.push(
      ...zones.map((zone, index) =>
        text(round(x + labels + index * (cellW + 6) + cellW / 2), y + 4, 'small', fit(zone, cellW, 10), 'middle'),
      ),
    );
    y += 12;
    const inside = this.map.nodes.filter((each) => each.vpc === node.id && isWorkload(each));
    for (const tier of tiers) {
      parts.push(text(x + 14, y + 15, 'fact', fit(tier.name, labels - 16, 11)));
      for (const subnet of tier.subnets) {
        const at = x + labels + zones.indexOf(subnet.zone) * (cellW + 6);
        parts.push(
          `<rect class="cell" x="${round(at)}" y="${y}" width="${round(cellW)}" height="22" rx="4"/>`,
          text(round(at + cellW / 2), y + 15, 'mono', fit(subnet.range, cellW - 2, 10, true), 'middle'),
        );
      }
      y += 27;
      const here = inside.filter((each) => each.tier === tier.name);
      if (here.length > 0) {
        const cardW = (area - 6) / 2;
        here.forEach((each, index) => {
          const at = {
            x: round(x + labels + (index % 2) * (cardW + 6)),
            y: y + Math.floor(index / 2) * (card + 5),
            w: round(cardW),
            h: card,
          };
          this.nodeCard(each, at);
        });
        y += Math.ceil(here.length / 2) * (card + 5) + 3;
      }
    }
    const place = { x, y: top, w, h: y - top + 6 };
    this.places.set(node.id, place);
    this.boxes.push(this.group(node, place, 2, parts));
    return place.h;
  }

  private hubs(): void {
    const hubs = this.perRegion(({ kind }) => kind === 'hub');
    this.section('', hubs, (own, x) => this.cardGrid(own, x, 1, gutter));
    for (const link of this.map.links.filter(({ kind }) => kind === 'attachment')) this.attach(link);
    this.across(this.map.links.filter(({ kind }) => kind === 'peering'));
  }

  /** From a VPC down the right gutter to its Transit Gateway. */
  private attach(link: MapLink): void {
    const [from, to] = [this.places.get(link.from), this.places.get(link.to)];
    if (!from || !to || from.y > to.y) return;
    const bus = Math.max(from.x + from.w, to.x + to.w) + 10;
    if (this.compact && from.x + from.w < to.x + to.w - 1) return;
    const y = from.y + 22;
    this.wires.push(
      wire(
        `M${from.x + from.w} ${y}H${bus - 5}Q${bus} ${y} ${bus} ${y + 5}V${to.y + 9}Q${bus} ${to.y + 14} ${bus - 5} ${to.y + 14}H${to.x + to.w}`,
      ),
    );
  }

  /** Data stores, counterparts beside each other, with arrows where data is copied to. */
  private data(title: string, kinds: readonly string[]): void {
    const stores = this.perRegion(({ kind }) => kinds.includes(kind));
    if (stores.flat().length === 0) return;
    this.section(title, stores, () => {}, 0);
    for (const key of keysOf(stores)) {
      const top = this.y;
      let deepest = 0;
      stores.forEach((own, index) => {
        own
          .filter((node) => keyOf(node) === key)
          .forEach((node, place) => {
            const at = { x: this.columnX(index) + inner, y: top + place * (row + 5), w: column - 2 * inner, h: row };
            this.nodeCard(node, at);
            deepest = Math.max(deepest, at.y + row);
          });
      });
      this.y = deepest + 6;
      const ids = new Set(
        stores
          .flat()
          .filter((node) => keyOf(node) === key)
          .map(({ id }) => id),
      );
      this.across(this.map.links.filter(({ kind, from }) => kind === 'replication' && ids.has(from)));
    }
    this.y += 6;
  }

  /** Links between columns: straight to the next one, below the row to those beyond. */
  private across(links: readonly MapLink[]): void {
    for (const link of links) {
      let [a, b] = [this.places.get(link.from), this.places.get(link.to)];
      if (!a || !b) continue;
      const backwards = a.x > b.x;
      if (backwards) [a, b] = [b, a];
      const [x1, x2] = [a.x + a.w, b.x];
      const replicates = link.kind === 'replication';
      const cls = replicates ? ' data' : '';
      const [y1, y2] = [a.y + a.h / 2, b.y + b.h / 2];
      const ends = replicates
        ? [
            ...(link.both || !backwards ? [arrow(x2, y2, 'right', cls)] : []),
            ...(link.both || backwards ? [arrow(x1, y1, 'left', cls)] : []),
          ]
        : [];
      const [s, e] = [
        x1 + (replicates && (link.both || backwards) ? 5 : 0),
        x2 - (replicates && (link.both || !backwards) ? 5 : 0),
      ];
      const isNext = x2 - x1 < column;
      // A link to a region beyond the next one runs in a lane of its own below the row.
      const isPeering = link.kind === 'peering';
      const marked = this.marks?.has(link.id) ?? false;
      const lane = this.y + (isPeering ? (marked ? 24 : 15) : 2);
      const [level, middle] = [isNext ? (y1 + y2) / 2 : lane, (x1 + x2) / 2];
      if (isNext) {
        const way = y1 === y2 ? `M${s} ${y1}H${e}` : `M${s} ${y1}C${s + 40} ${y1} ${e - 40} ${y2} ${e} ${y2}`;
        this.wires.push(wire(way, cls), ...ends);
      } else {
        this.y = lane + (isPeering ? (marked ? 28 : 19) : 8);
        this.wires.push(wire(`M${s} ${y1}H${x1 + 14}V${lane}H${x2 - 14}V${y2}H${e}`, cls), ...ends);
      }
      if (isPeering) {
        this.linkCard(link, 'Peering', { x: round(middle - 45), y: round(level - 13), w: 90, h: 26 });
      } else if (isNext && link.label) {
        this.wires.push(text(round(middle), round(level) - 6, 'small', fit(link.label, gap - 30, 10), 'middle'));
      }
    }
  }

  /** Stacks of the regions that have no node. */
  private tiles(): void {
    const tiles = this.map.regions.map(({ key }) => this.tilesOf(key));
    this.section('OTHER STACKS', tiles, (own, x) => {
      this.grid(
        own.map((stack) => ({ id: tileId(stack.stack), draw: (at) => this.tile(stack, at) })),
        x,
        x + column - 2 * inner,
        130,
        row,
      );
    });
  }

  private regionBoxes(top: number, bottom: number): void {
    this.map.regions.forEach(({ key, awsRegion, role, home }, index) => {
      const x = this.columnX(index);
      this.boxes.unshift(
        `<rect class="region" x="${x}" y="${top}" width="${column}" height="${bottom - top}" rx="10"/>`,
        text(x + inner, top + 26, 'title', key),
        text(round(x + inner + widthOf(key, 15) + 10), top + 26, 'muted', awsRegion),
      );
      const tags = [...(role ? [role] : []), ...(home ? ['home'] : [])];
      let right = x + column - inner;
      for (const tag of tags.reverse()) {
        const w = round(widthOf(tag, 11) + 18);
        this.boxes.push(
          `<rect class="tag" x="${right - w}" y="${top + 12}" width="${w}" height="20" rx="10"/>`,
          text(right - w / 2, top + 26, 'fact', tag, 'middle'),
        );
        right -= w + 6;
      }
    });
    this.y = bottom;
  }

  /** Networks outside AWS and of other accounts, with the connections to them. */
  private outsideBand(): void {
    const outside = this.map.nodes.filter(isOutside);
    if (outside.length === 0) {
      this.y += 4;
      return;
    }
    const links = (['direct-connect', 'vpn'] as const).flatMap((kind) =>
      this.map.links.filter((link) => link.kind === kind),
    );
    const chipTop = this.y + 18;
    const bandTop = chipTop + (links.length > 0 ? 44 : 0);
    for (const [from, own] of groupBy(links, (link) => link.from)) {
      const hub = this.places.get(from);
      if (!hub) continue;
      const left = hub.x - 7;
      this.wires.push(
        wire(
          `M${hub.x} ${hub.y + hub.h / 2}H${left + 5}Q${left} ${hub.y + hub.h / 2} ${left} ${hub.y + hub.h / 2 + 5}V${chipTop + 13}H${hub.x + 4}`,
        ),
      );
      own.forEach((link, index) => {
        const w = 150;
        const at = { x: hub.x + 4 + index * (w + 16), y: chipTop, w, h: 26 };
        if (index > 0)
          this.wires.push(wire(`M${at.x - 16} ${chipTop + 13}H${at.x}`, link.kind === 'vpn' ? ' dash' : ''));
        this.wires.push(wire(`M${at.x + w / 2} ${chipTop + 26}V${bandTop}`, link.kind === 'vpn' ? ' dash' : ''));
        this.linkCard(link, link.label, at);
      });
    }
    this.y = bandTop + 32;
    this.grid(
      outside.map((node) => ({ id: node.id, draw: (at) => this.nodeCard(node, at) })),
      margin + inner,
      this.width - margin - inner,
      230,
      card,
    );
    this.y += 6;
    this.boxes.push(
      band(margin, bandTop, this.width - 2 * margin, this.y - bandTop),
      text(margin + inner, bandTop + 21, 'label', 'OUTSIDE'),
    );
  }

  /** A titled row of all regions; its height is that of the highest. */
  private section<T>(
    title: string,
    perRegion: readonly (readonly T[])[],
    draw: (own: readonly T[], x: number) => void,
    after = 8,
  ): void {
    if (perRegion.flat().length === 0) return;
    const top = this.y;
    const heights = perRegion.map((own, index) => {
      this.y = top;
      const x = this.columnX(index) + inner;
      if (title) {
        this.boxes.push(text(x, this.y + 10, 'label', title));
        this.y += 18;
      }
      draw(own, x);
      return this.y;
    });
    this.y = Math.max(...heights) + after;
  }

  private cardGrid(own: readonly MapNode[], x: number, columns: number, right: number): void {
    const w = column - 2 * inner - right;
    this.grid(
      own.map((node) => ({ id: node.id, draw: (at) => this.nodeCard(node, at) })),
      x,
      x + w,
      (w - (columns - 1) * 8) / columns,
      card,
    );
  }

  /** Cards of equal width, as many beside each other as fit. */
  private grid(
    items: readonly { readonly id: string; readonly draw: (at: Rectangle) => void }[],
    left: number,
    right: number,
    least: number,
    h: number,
  ): void {
    if (items.length === 0) return;
    const most = Math.max(1, Math.floor((right - left + 8) / (least + 8)));
    const columns = Math.min(most, items.length);
    const w = Math.min(Math.max(least, 280), (right - left - (columns - 1) * 8) / columns);
    items.forEach(({ draw }, index) => {
      draw({
        x: round(left + (index % columns) * (w + 8)),
        y: this.y + Math.floor(index / columns) * (h + 8),
        w: round(w),
        h,
      });
    });
    this.y += Math.ceil(items.length / columns) * (h + 8);
  }

  private nodeCard(node: MapNode, at: Rectangle): void {
    this.places.set(node.id, at);
    this.cards.push(this.group(node, at, at.h >= card ? 2 : 1));
  }

  /** One node: box, colour of the owner, name, facts, what the change does to it. `parts` are drawn inside. */
  private group(node: MapNode, at: Rectangle, lines: 1 | 2, parts: readonly string[] = []): string {
    const stack = this.stacks.get(node.stack ?? '');
    const kind = kindNames[node.kind];
    // A database's engine says what it is.
    const saysKind = kind !== node.name && !(node.kind === 'database' && node.facts.length > 0);
    const facts = [...(saysKind ? [kind] : []), ...node.facts];
    const name = shortName(node);
    return this.element(
      { id: node.id, stack, what: `${kind} ${node.name}`, facts, at, markY: lines === 2 ? 11 : at.h / 2 },
      (free) => {
        if (lines === 2) {
          return [
            text(at.x + 13, at.y + 17, 'name', fit(name, free, 12)),
            text(at.x + 13, at.y + 33, 'fact', fit(facts.join(' · '), at.w - 22, 11)),
            ...parts,
          ];
        }
        const shown = fit(name, free, 12);
        const room = free - widthOf(shown, 12) * 1.1 - 8;
        const rest =
          room > 40 ? `<tspan class="fact" dx="8">${escapeXml(fit(facts.join(' · '), room, 11))}</tspan>` : '';
        const y = at.y + at.h / 2 + 4;
        return [`<text x="${at.x + 13}" y="${y}"><tspan class="name">${escapeXml(shown)}</tspan>${rest}</text>`];
      },
    );
  }

  private tile(stack: MapStack, at: Rectangle): void {
    const id = tileId(stack.stack);
    this.places.set(id, at);
    const name = stack.region === null ? stack.stack : stack.project.split('/').slice(1).join('/') || stack.stack;
    const empty = stack.resources === 0 && !this.marks?.has(id);
    this.cards.push(
      this.element(
        { id, stack, what: `Stack ${stack.stack}`, facts: empty ? ['no resources'] : [], at, markY: at.h / 2 },
        (free) => [text(at.x + 13, at.y + at.h / 2 + 4, empty ? 'fact' : '', fit(name, free, 12))],
      ),
    );
  }

  /** A connection with a place of its own. Where there is no room beside the name, what changes is below it. */
  private linkCard(link: MapLink, name: string, { x, y, w, h }: Rectangle): void {
    const below = w < 120 && this.marks?.has(link.id);
    const at = below ? { x, y: y - 9, w, h: h + 18 } : { x, y, w, h };
    this.places.set(link.id, at);
    const [baseline, markY] = below ? [17, at.h - 14] : [at.h / 2 + 4, at.h / 2];
    this.cards.push(
      this.element(
        {
          id: link.id,
          stack: this.stacks.get(link.stack),
          what: name,
          facts: [],
          at,
          markY,
          ...(below ? { room: w - 16 } : {}),
        },
        (free) => [text(at.x + 12, at.y + baseline, 'fact', fit(name, below ? w - 16 : free, 11))],
      ),
    );
  }

  /** The group of a node, link or tile. `content` gets the width that the marks leave to the first line. */
  private element(
    { id, stack, what, facts, at, markY, room = at.w - 90 }: ElementOptions,
    content: (free: number) => readonly string[],
  ): string {
    const mark = this.marks?.get(id);
    const { x, y, w, h } = at;
    const badges = mark ? badgesOf(mark, x + w - 8, y + markY, room) : { parts: [], width: 0 };
    const worst = mark ? markActions.find((action) => mark.counts[action] > 0) : undefined;
    const owner = stack?.owner ?? null;
    const says = [
      what,
      ...facts,
      ...(stack ? [`stack ${stack.stack}`] : []),
      ...(owner ? [`owner ${owner}`] : []),
      ...(mark ? [wordsOf(mark)] : this.marks ? ['unchanged'] : []),
    ];
    const label = escapeXml(says.join(', '));
    const classes = ['node', ...(worst ? [`on-${worst}`] : []), ...(this.marks && !mark ? ['calm'] : [])].join(' ');
    const data = stack ? ` data-stack="${escapeXml(stack.stack)}"` : '';
    return [
      `<g class="${classes}" data-id="${escapeXml(id)}"${data} aria-label="${label}"><title>${label}</title>`,
      `<rect class="box" x="${x}" y="${y}" width="${w}" height="${round(h)}" rx="6"/>`,
      `<path class="${ownerClass(owner, this.owners)}" d="M${x + 5} ${y}a5 5 0 0 0-5 5v${round(h - 10)}a5 5 0 0 0 5 5z"/>`,
      ...content(w - 22 - (badges.width > 0 ? badges.width + 6 : 0)),
      ...badges.parts,
      '</g>',
    ].join('');
  }

  private perRegion(wanted: (node: MapNode) => boolean): MapNode[][] {
    return this.map.regions.map(({ key }) => this.map.nodes.filter((node) => node.region === key && wanted(node)));
  }

  /** Stacks of a region, or of none, that no node and no link card stands for. */
  private tilesOf(region: string | null): MapStack[] {
    return this.map.stacks.filter((stack) => stack.region === region && this.homes.main(stack.stack) === undefined);
  }

  private columnX(index: number): number {
    return margin + index * (column + gap);
  }
}

/** Owners of an estate's stacks, sorted: the order decides about colours. */
export function ownersOf({ stacks }: Pick<EstateMap, 'stacks'>): string[] {
  return [...new Set(stacks.flatMap(({ owner }) => owner ?? []))].sort();
}

/** What stands in the subnets of a VPC and holds no data. */
function isWorkload({ kind }: MapNode): boolean {
  return ['balancer', 'fleet', 'endpoints', 'resolver', 'inspection'].includes(kind);
}

/** What is beyond the regions. */
function isOutside({ kind }: MapNode): boolean {
  return kind === 'on-premises' || kind === 'external' || kind === 'direct-connect';
}

/** What counterparts in different regions share: kind, and name without the region's key. */
function keyOf({ kind, name, region }: MapNode): string {
  return `${kind} ${shortName({ name, region })}`;
}

/** A name without its region, which the column says. */
function shortName({ name, region }: Pick<MapNode, 'name' | 'region'>): string {
  return region && name.endsWith(`-${region}`) ? name.slice(0, -region.length - 1) : name;
}

/** Keys of all regions in the order of their rows: VPCs with appliances last, next to the Transit Gateway. */
function keysOf(perRegion: readonly (readonly MapNode[])[]): string[] {
  const rank = ({ kind, tiers }: MapNode) =>
    nodeKinds.indexOf(kind) + (tiers?.some(({ name }) => name === 'appliances') ? nodeKinds.length : 0);
  const all = perRegion.flat().sort((a, b) => rank(a) - rank(b) || order(a.name, b.name));
  return [...new Set(all.map(keyOf))];
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Lists by key, in the order of their first elements. */
export function groupBy<T>(all: readonly T[], key: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) groups.set(key(each), [...(groups.get(key(each)) ?? []), each]);
  return groups;
}
