import { contains, parseCidr, prefixLength, privateNetworks } from './cidr';
import type { RegionSettings } from './region';
import type { SettingsInput } from './settings-input';

/** IPv4 addresses from `first` to `last`, as numbers. */
interface Span {
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * The next private network of a size that shares no address with those that are taken: after the last taken one where there
 * is room, so that ranges stay in order, else in the first gap. Undefined when none is left.
 * @param length of the prefix: 14 for a /14
 */
export function nextFreeRange(taken: readonly string[], length: number): string | undefined {
  const spans = taken.map(spanOf).filter((span) => span !== undefined);
  for (const network of privateNetworks) {
    const whole = spanOf(network)!;
    const inside = spans.filter(({ first, last }) => first <= whole.last && whole.first <= last);
    const end = inside.reduce((latest, { last }) => (last > latest ? last : latest), whole.first - 1n);
    const found = freeFrom(end + 1n, whole, inside, length) ?? freeFrom(whole.first, whole, inside, length);
    if (found !== undefined) return `${addressOf(found)}/${length}`;
  }
  return undefined;
}

/** The first free network of a size inside a range. Undefined when none is left. */
export function nextFreeInside(range: string, taken: readonly string[], length: number): string | undefined {
  const whole = spanOf(range);
  if (!whole) return undefined;
  const spans = taken.map(spanOf).filter((span) => span !== undefined);
  const found = freeFrom(whole.first, whole, spans, length);
  return found === undefined ? undefined : `${addressOf(found)}/${length}`;
}

function freeFrom(start: bigint, whole: Span, taken: readonly Span[], length: number): bigint | undefined {
  const size = 1n << BigInt(32 - length);
  let first = ((start + size - 1n) / size) * size;
  while (first + size - 1n <= whole.last) {
    const last = first + size - 1n;
    const other = taken.find((span) => span.first <= last && first <= span.last);
    if (!other) return first;
    first = ((other.last + size) / size) * size;
  }
  return undefined;
}

/** By path in `region.ts`: `cidrs.test`, `vpcs.vpc.cidrs.test`. */
export type ProposedNetworks = ReadonlyMap<string, string>;

/**
 * Networks for the environments that a region has none for. They lie as those of an environment that has some: the same
 * sizes, at the same places in the region's range. No two of them overlap, so that all can be taken at once.
 */
export function proposedNetworks(input: SettingsInput): ReadonlyMap<RegionSettings, ProposedNetworks> {
  const taken = networksOf(input);
  const proposals = new Map(input.regions.map((region) => [region, new Map<string, string>()]));
  for (const environment of Object.keys(input.settings.environments)) {
    for (const [region, proposal] of proposals) {
      const model = Object.keys(region.cidrs).find((name) => name !== environment && parseCidr(region.cidrs[name]!));
      const modelRange = model === undefined ? undefined : region.cidrs[model];
      const own = Object.hasOwn(region.cidrs, environment) ? region.cidrs[environment] : undefined;
      const range = own ?? nextFreeRange(taken, modelRange ? prefixLength(parseCidr(modelRange)!) : 14);
      if (range === undefined) continue;
      if (own === undefined) proposal.set(`cidrs.${environment}`, range);
      for (const [path, cidrs] of Object.entries(innerNetworks(region))) {
        const text = model === undefined ? undefined : cidrs[model];
        const moved = text && modelRange && !Object.hasOwn(cidrs, environment) && movedTo(text, modelRange, range);
        if (!moved || (own !== undefined && taken.some((other) => other !== own && overlap(other, moved)))) continue;
        proposal.set(`${path}.${environment}`, moved);
        taken.push(moved);
      }
      taken.push(range);
    }
  }
  return proposals;
}

/** Networks that lie inside the region's range, by path: those of VPCs and of the inspection VPC. */
export function innerNetworks({
  vpcs,
  inspectionCidrs,
}: RegionSettings): Record<string, Readonly<Record<string, string>>> {
  const ofVpcs = Object.entries(vpcs).map(([name, { cidrs }]) => [`vpcs.${name}.cidrs`, cidrs] as const);
  return Object.fromEntries([['inspectionCidrs', inspectionCidrs] as const, ...ofVpcs]);
}

/** Every network outside and inside AWS that must not be taken twice. */
export function networksOf({ settings, regions }: SettingsInput): string[] {
  return [
    ...regions.flatMap((region) => [
      ...Object.values(region.cidrs),
      ...Object.values(innerNetworks(region)).flatMap((cidrs) => Object.values(cidrs)),
    ]),
    ...(settings.onPremises?.cidrs ?? []),
    ...Object.values(settings.environments).flatMap(({ externalAttachments = [] }) =>
      externalAttachments.map(({ cidr }) => cidr),
    ),
  ];
}

function overlap(a: string, b: string): boolean {
  const [one, other] = [spanOf(a), spanOf(b)];
  return one !== undefined && other !== undefined && one.first <= other.last && other.first <= one.last;
}

/** A network at the same place in another range; undefined where it does not fit. */
export function movedTo(text: string, from: string, to: string): string | undefined {
  const [network, old, target] = [parseCidr(text), parseCidr(from), parseCidr(to)];
  if (!network || !old || !target || !contains(old, network)) return undefined;
  const first = target.getFirst().value + (network.getFirst().value - old.getFirst().value);
  const moved = `${addressOf(first)}/${prefixLength(network)}`;
  const range = parseCidr(moved);
  return range && contains(target, range) ? moved : undefined;
}

function spanOf(text: string): Span | undefined {
  const range = parseCidr(text);
  return range && { first: range.getFirst().value, last: range.getLast().value };
}

function addressOf(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}
