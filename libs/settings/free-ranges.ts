import {
  cidrRange,
  contains,
  formatAddress,
  overlaps,
  parseCidr,
  prefixLength,
  privateNetworks,
  type AddressRange,
} from './cidr';
import type { RegionSettings } from './region';
import type { SettingsInput } from './settings-input';

/**
 * The next private network of a size that overlaps with none in use: after the last one if there is room, so that
 * ranges stay in order, otherwise in the first gap. Undefined if none is left.
 * @param length of the prefix: 14 for a /14
 */
export function nextFreeRange(taken: readonly string[], length: number): string | undefined {
  const spans = taken.map(parseCidr).filter((span) => span !== undefined);
  for (const network of privateNetworks) {
    const whole = cidrRange(network);
    const inside = spans.filter((span) => overlaps(span, whole));
    const end = Math.max(whole.first - 1, ...inside.map(({ last }) => last));
    const found = freeFrom(end + 1, whole, inside, length) ?? freeFrom(whole.first, whole, inside, length);
    if (found !== undefined) return `${formatAddress(found)}/${length}`;
  }
  return undefined;
}

/** The first free network of a size inside a range. Undefined when none is left. */
export function nextFreeInside(range: string, taken: readonly string[], length: number): string | undefined {
  const whole = parseCidr(range);
  if (!whole) return undefined;
  const spans = taken.map(parseCidr).filter((span) => span !== undefined);
  const found = freeFrom(whole.first, whole, spans, length);
  return found === undefined ? undefined : `${formatAddress(found)}/${length}`;
}

function freeFrom(
  start: number,
  whole: AddressRange,
  taken: readonly AddressRange[],
  length: number,
): number | undefined {
  const size = 2 ** (32 - length);
  let first = Math.ceil(start / size) * size;
  while (first + size - 1 <= whole.last) {
    const last = first + size - 1;
    const other = taken.find((span) => span.first <= last && first <= span.last);
    if (!other) return first;
    first = Math.ceil((other.last + 1) / size) * size;
  }
  return undefined;
}

/** By path in `region.ts`: `cidrs.test`, `vpcs.vpc.cidrs.test`. */
export type ProposedNetworks = ReadonlyMap<string, string>;

/**
 * Networks for environments that a region has no ranges for, in the layout of an environment that has some: the same
 * sizes, at the same places in the region's range. None overlap, so that all can be used at once.
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

/** Networks inside the region's range, by path: those of VPCs and of the inspection VPC. */
export function innerNetworks({
  vpcs,
  inspectionCidrs,
}: RegionSettings): Record<string, Readonly<Record<string, string>>> {
  const ofVpcs = Object.entries(vpcs).map(([name, { cidrs }]) => [`vpcs.${name}.cidrs`, cidrs] as const);
  return Object.fromEntries([['inspectionCidrs', inspectionCidrs] as const, ...ofVpcs]);
}

/** Every network, inside and outside AWS, that must not be used twice. */
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
  const [one, other] = [parseCidr(a), parseCidr(b)];
  return one !== undefined && other !== undefined && overlaps(one, other);
}

/** A network at the same place in another range; undefined if it does not fit. */
export function movedTo(text: string, from: string, to: string): string | undefined {
  const [network, old, target] = [parseCidr(text), parseCidr(from), parseCidr(to)];
  if (!network || !old || !target || !contains(old, network)) return undefined;
  const first = target.first + (network.first - old.first);
  const moved = `${formatAddress(first)}/${prefixLength(network)}`;
  const range = parseCidr(moved);
  return range && contains(target, range) ? moved : undefined;
}
