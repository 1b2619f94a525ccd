/** The targets on which something real is made. */
export const liveTargets = ['emulator', 'aws'] as const;
export type LiveTargetName = (typeof liveTargets)[number];
