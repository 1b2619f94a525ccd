/** Construct id made of names as people write them: `ap/range/prod` is `ApRangeProd`, `on-premises` is `OnPremises`. */
export function constructId(...names: string[]): string {
  return names
    .flatMap((name) => name.split(/[^a-zA-Z0-9]+/))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

/** Name as its own region says it, so that twins have equal addresses: `us/vpc` is `vpc` in `us`, and `us/vpc` elsewhere. */
export function localName(name: string, region: string): string {
  return name.startsWith(`${region}/`) ? name.slice(region.length + 1) : name;
}
