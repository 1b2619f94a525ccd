import { isPlain } from './schema';

/** A former key or former values of a setting, with the present ones. */
interface Renamed {
  /** Path of the setting, with its former key; `*` is any key. */
  readonly at: string;
  /** Present key; `outer.inner` for a key inside a new one. Default: the key did not change. */
  readonly key?: string;
  /** Present value of each former one. Default: values did not change. */
  readonly values?: Readonly<Record<string, string>>;
}

const writers = { single: 'single-writer', multi: 'multi-writer' };

/** Former names in `infra.config.ts`. */
export const renamedInOrganisation: readonly Renamed[] = [
  { at: 'environments.*.application.capacity.serving', key: 'active' },
  { at: 'environments.*.application.capacity.waiting', key: 'standby' },
  { at: 'environments.*.application.idleColour', values: { kept: 'running', retired: 'scaled-to-zero' } },
  { at: 'environments.*.dataStores.database.instances.serving', key: 'active' },
  { at: 'environments.*.dataStores.database.instances.waiting', key: 'standby' },
  { at: 'environments.*.dataStores.database.writers', values: writers },
  { at: 'environments.*.dataStores.tables.*.writers', values: writers },
  { at: 'environments.*.dataStores.buckets.*.writers', values: writers },
  { at: 'environments.*.application', key: 'applications.app' },
];

/** Former names in `region-<key>/region.ts`. */
export const renamedInRegion: readonly Renamed[] = [{ at: 'standing', key: 'role' }];

/** Called for each former name that is found. */
export type OnFormerName = (problem: { readonly path: string; readonly what: string; readonly remedy: string }) => void;

/**
 * The settings under their present names: the checks see the value that is meant and report nothing else about it. A
 * value under the present key wins over one under the former key.
 */
export function withPresentNames<T>(
  written: T,
  renamed: readonly Renamed[],
  report: OnFormerName = () => undefined,
): T {
  return renamed.reduce<unknown>(
    (document, each) => rename(document, each, each.at.split('.'), '', report),
    written,
  ) as T;
}

function rename(value: unknown, names: Renamed, path: readonly string[], at: string, report: OnFormerName): unknown {
  const [wanted, ...rest] = path;
  if (!isPlain(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inside]): [string, unknown][] => {
    if (key !== wanted && wanted !== '*') return [[key, inside]];
    const here = at ? `${at}.${key}` : key;
    if (rest.length > 0) return [[key, rename(inside, names, rest, here, report)]];
    const { key: present, values = {} } = names;
    if (present !== undefined) {
      report({ path: here, what: `is the former name of ${present}`, remedy: `write ${present}` });
      const [outer, inner] = present.split('.') as [string, string?];
      if (Object.hasOwn(value, outer)) return [];
      return [[outer, inner === undefined ? inside : { [inner]: inside }]];
    }
    if (typeof inside !== 'string' || !Object.hasOwn(values, inside)) return [[key, inside]];
    const word = values[inside]!;
    report({ path: here, what: `"${inside}" is the former name of "${word}"`, remedy: `write '${word}'` });
    return [[key, word]];
  });
  return Object.fromEntries(entries);
}
