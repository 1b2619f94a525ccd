import type { Configuration } from './configuration';
import type { EstateSighting } from './risk/estate-rule';

/** Constructs in which a stack differs from its counterparts, by name. */
type Differences = Readonly<Record<string, { readonly here: 'added' | 'omitted' }>>;

export interface Counterpart {
  readonly stack: string;
  /** `region-us/vpc` */
  readonly project: string;
  /** `us` */
  readonly region: string;
  readonly differences: Differences;
  readonly configuration: Configuration;
}

/**
 * Resources and outputs that a stack of a region's folder has and its counterpart in the first region has not, or the
 * reverse, without a declared difference. Declared ones that do not exist are found as well.
 */
export function undeclaredDifferences(stacks: readonly Counterpart[]): EstateSighting[] {
  const folders = new Map<string, Counterpart[]>();
  for (const each of stacks) {
    const prefix = `region-${each.region}/`;
    if (!each.project.startsWith(prefix)) continue;
    const folder = each.project.slice(prefix.length);
    folders.set(folder, [...(folders.get(folder) ?? []), each]);
  }
  return [...folders.values()].flatMap(([first, ...others]) =>
    others.flatMap((other) => [...missing(first!, other), ...missing(other, first!)]),
  );
}

/** What `here` has and `there` has not, and what `here` declares in vain. */
function missing(here: Counterpart, there: Counterpart): EstateSighting[] {
  const [own, others] = [addressesOf(here.configuration), addressesOf(there.configuration)];
  const alone = [...own].filter(([address]) => !others.has(address));
  const lacking = [...others].filter(([address]) => !own.has(address));
  const added = named(here.differences, 'added');
  const omitted = named(here.differences, 'omitted');
  const excused = [...added, ...named(there.differences, 'omitted')];
  const isIn = (paths: readonly (readonly [string, string])[], name: string) =>
    paths.some(([, path]) => isBelow(path, name));
  return [
    ...alone
      .filter(([, path]) => !excused.some((name) => isBelow(path, name)))
      .map(([address]) => ({
        stack: here.stack,
        address,
        what: `${here.stack} has ${address}, and ${there.stack} has not`,
      })),
    ...[...added.filter((name) => !isIn(alone, name)), ...omitted.filter((name) => !isIn(lacking, name))].map(
      (name) => ({
        stack: here.stack,
        what: `${here.stack} declares the difference ${name}, and does not differ from ${there.stack} in it`,
      }),
    ),
  ];
}

const named = (differences: Differences, here: 'added' | 'omitted') =>
  Object.keys(differences).filter((name) => differences[name]!.here === here);

const isBelow = (path: string, name: string) => path === name || path.startsWith(`${name}/`);

/** Construct path below the stack by address. */
function addressesOf({ resource = {}, output = {} }: Configuration): Map<string, string> {
  const resources = Object.entries(resource).flatMap(([type, blocks]) =>
    Object.entries(blocks).map(([name, block]) => [`${type}.${name}`, pathOf(block) ?? name] as const),
  );
  return new Map([...resources, ...Object.keys(output).map((name) => [`output.${name}`, name] as const)]);
}

function pathOf(block: Readonly<Record<string, unknown>>): string | undefined {
  const { metadata } = (block['//'] ?? {}) as { readonly metadata?: { readonly path?: string } };
  return metadata?.path?.split('/').slice(1).join('/');
}
