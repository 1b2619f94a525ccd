import { byProfile, oneOf } from './schema';

/**
 * `protected`: AWS refuses to delete the resource, and a forced deletion leaves a last snapshot.
 * `disposable`: for environments that are made and removed at will.
 */
export const protections = ['protected', 'disposable'] as const;
/** One of {@link protections}. */
export type Protection = (typeof protections)[number];

/** The setting `protection` of what `is` says. */
export function protection(is: string) {
  return byProfile(
    oneOf(protections, { is }),
    { production: 'protected', development: 'disposable' },
    'Development environments are made and removed at will.',
  );
}
