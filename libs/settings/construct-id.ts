/** Construct id from names: `ap/range/prod` becomes `ApRangeProd`, `on-premises` becomes `OnPremises`. */
export function constructId(...names: string[]): string {
  return names
    .flatMap((name) => name.split(/[^a-zA-Z0-9]+/))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/**
 * Name from the point of view of a region, so that counterpart stacks have equal addresses: `us/vpc` is `vpc` in `us`,
 * and `us/vpc` elsewhere.
 */
export function localName(name: string, region: string): string {
  return name.startsWith(`${region}/`) ? name.slice(region.length + 1) : name;
}
