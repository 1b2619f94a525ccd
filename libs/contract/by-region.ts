interface Keyed {
  readonly key: string;
}

/**
 * One value per region, from what stands under its key in `source`: contracts, plans, what was read of them.
 *
 * @throws Error when a region has nothing there: a new region is one more line where `source` is declared.
 */
export function byRegion<T, V>(
  regions: readonly Keyed[],
  source: Readonly<Record<string, T>>,
  value: (item: T, key: string) => V,
): Record<string, V> {
  return Object.fromEntries(
    regions.map(({ key }) => {
      if (!Object.hasOwn(source, key)) {
        throw new Error(
          `region ${key}: there is only ${Object.keys(source).join(', ')}; add it where those are listed (docs/adding-a-region.md)`,
        );
      }
      return [key, value(source[key]!, key)];
    }),
  );
}
