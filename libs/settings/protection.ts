import { byProfile, oneOf } from './schema';

/**
 * `protected`: AWS refuses to delete the resource. `disposable`: for environments that are created and destroyed often.
 */
export const protections = ['protected', 'disposable'] as const;
/** One of {@link protections}. */
export type Protection = (typeof protections)[number];

/** The setting `protection` of the named thing. */
export function protection(is: string) {
  return byProfile(
    oneOf(protections, { is }),
    { production: 'protected', development: 'disposable' },
    'Development environments are created and destroyed often.',
  );
}
