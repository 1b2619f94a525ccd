import { canaryPercents, type Colour } from '@platform/libs/settings/application';

/** Share of the requests that the release coming in gets, step by step, in percent. */
export const shares: readonly number[] = canaryPercents.filter((percent) => percent > 0);

/** Where a region stands, by the percent that green gets. */
export interface Standing {
  /** Colour that had all requests before, or has them now. */
  readonly from: Colour;
  /** Colour of the release that comes in. */
  readonly to: Colour;
  /** What {@link to} gets, in percent. 0: no release has begun. */
  readonly share: number;
}

/**
 * Where a release stands: below half of the requests a colour is the one that comes in. Weights that no step leaves, set by
 * hand, count as the next lower step.
 */
export function standingOf(greenPercent: number): Standing {
  return greenPercent < 50
    ? { from: 'blue', to: 'green', share: greenPercent }
    : { from: 'green', to: 'blue', share: 100 - greenPercent };
}

/** Percent that green gets while a colour has a share. */
export function greenPercentOf(to: Colour, share: number): number {
  return to === 'green' ? share : 100 - share;
}

/** The share after this one; 100 is the last. */
export function nextShare(share: number): number {
  return shares.find((each) => each > share) ?? 100;
}
