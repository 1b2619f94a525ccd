/** What a release can be told to do. */
export const releaseVerbs = ['status', 'start', 'step', 'finish', 'back'] as const;
/** One of {@link releaseVerbs}. */
export type ReleaseVerb = (typeof releaseVerbs)[number];
