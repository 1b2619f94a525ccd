/** What a region calls itself and its parts: texts at any depth of its settings, such as names of AWS, prefix lists, networks. */
export type RegionTexts = Readonly<Record<string, unknown>>;

/** Replaces what belongs to a region in a text. */
export type Mask = (text: string) => string;

/** IPv4 addresses and networks. */
const ipv4 = /\b(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(\/\d{1,2})?(?![\d.])/g;

/** A part of a region's maintenance window: each member of a database has its own. */
const maintenance = /\b(?:mon|tue|wed|thu|fri|sat|sun):\d\d:\d\d-(?:mon|tue|wed|thu|fri|sat|sun):\d\d:\d\d\b/g;

/**
 * The domain of private names of instances: `ec2.internal` in us-east-1 and `<region>.compute.internal` elsewhere
 * (https://docs.aws.amazon.com/vpc/latest/userguide/DHCPOptionSetConcepts.html).
 */
const internalDomain = /\b(?:ec2|[a-z]{2,4}(?:-[a-z]+)+-\d\.compute)\.internal\b/g;

/**
 * Replaces what regions call themselves by the name of the setting, and an address by its place in the network of a
 * setting. Texts of counterparts in two regions are then equal, unless they differ in more than the region.
 * @param names of AWS that differ by region, each with the word that takes its place
 */
export function maskOf(regions: readonly RegionTexts[], names: ReadonlyMap<string, string> = new Map()): Mask {
  const settings = new Map(regions.flatMap((region) => [...textsOf(region)]));
  const words = new Map([...names, ...settings, ...regions.map(({ key }) => [String(key), 'key'] as const)]);
  const longestFirst = [...words.keys()].sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const pattern = new RegExp(`(?<![A-Za-z0-9])(?:${escaped.join('|')})(?![A-Za-z0-9])`, 'g');
  const networks = [...settings].flatMap(([text, setting]) => networkOf(text, setting)).sort((a, b) => a.size - b.size);
  return (text) =>
    text
      .replace(ipv4, (whole: string, ...parts: string[]) => {
        const address = numberOf(parts.slice(0, 4));
        const network = networks.find(({ first, size }) => address >= first && address < first + size);
        return network ? `«${network.setting}+${address - network.first}${parts[4] ?? ''}»` : whole;
      })
      .replace(internalDomain, '«internal domain»')
      .replace(maintenance, '«maintenanceWindow»')
      .replace(pattern, (word) => `«${words.get(word)!}»`);
}

const numberOf = (bytes: readonly string[]) => bytes.reduce((sum, byte) => sum * 256 + Number(byte), 0);

function networkOf(text: string, setting: string) {
  const [, address, length] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(text) ?? [];
  if (address === undefined) return [];
  return [{ setting, first: numberOf(address.split('.')), size: 2 ** (32 - Number(length)) }];
}

/** Texts and numbers of settings, with the paths of the settings; not those of up to four characters, which stand for more. */
function* textsOf(value: unknown, path: readonly string[] = []): Generator<readonly [text: string, setting: string]> {
  if (typeof value === 'object' && value !== null) {
    for (const [name, inside] of Object.entries(value)) yield* textsOf(inside, [...path, name]);
  } else if ((typeof value === 'string' || typeof value === 'number') && String(value).length > 4) {
    yield [String(value), path.join('.')];
  }
}

/**
 * Texts that settings give by region key, such as image ids, each with the path of its setting: they belong to one region, as
 * what its own settings say.
 * @param keys keys of all regions
 */
export function textsByRegion(settings: unknown, keys: readonly string[]): Map<string, string> {
  return new Map(textsIn(settings, keys, []));
}

function* textsIn(
  value: unknown,
  keys: readonly string[],
  path: readonly string[],
): Generator<readonly [text: string, setting: string]> {
  if (typeof value !== 'object' || value === null) return;
  const entries = Object.entries(value);
  const isByRegion = entries.length > 1 && entries.every(([name]) => keys.includes(name));
  for (const [name, inside] of entries) {
    if (!isByRegion) yield* textsIn(inside, keys, [...path, name]);
    else for (const [text] of textsOf(inside)) yield [text, path.join('.')];
  }
}

/** A value with masked texts: JSON in a text as what it holds, the parts of a list in one order. */
export function masked(value: unknown, mask: Mask): unknown {
  if (typeof value === 'string') {
    const held = /^[[{]/.test(value) ? jsonOf(value) : undefined;
    return held === undefined ? mask(value) : masked(held, mask);
  }
  if (typeof value === 'number') return mask(String(value));
  if (Array.isArray(value)) {
    return value.map((each) => masked(each, mask)).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inside]) => [mask(name), masked(inside, mask)]));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
