/** A time in seconds as a range. `highSec: null`: no bound is known. */
export interface Duration {
  readonly lowSec: number;
  readonly highSec: number | null;
}

export const noTime: Duration = { lowSec: 0, highSec: 0 };
export const unknownTime: Duration = { lowSec: 0, highSec: null };

/** One after another. */
export function oneAfterAnother(parts: readonly Duration[]): Duration {
  return {
    lowSec: parts.reduce((sum, { lowSec }) => sum + lowSec, 0),
    highSec: parts.reduce<number | null>(
      (sum, { highSec }) => (sum === null || highSec === null ? null : sum + highSec),
      0,
    ),
  };
}

/** At the same time: as long as the longest. */
export function atTheSameTime(parts: readonly Duration[]): Duration {
  return {
    lowSec: Math.max(0, ...parts.map(({ lowSec }) => lowSec)),
    highSec: parts.some(({ highSec }) => highSec === null)
      ? null
      : Math.max(0, ...parts.map(({ highSec }) => highSec!)),
  };
}

/** `0 s`, `1 min 30 s`, `2 h` */
export function secondsText(seconds: number): string {
  const whole = Math.round(seconds);
  const units = [
    ['h', Math.floor(whole / 3600)],
    ['min', Math.floor((whole % 3600) / 60)],
    ['s', whole % 60],
  ] as const;
  return (
    units
      .filter(([, count]) => count > 0)
      .slice(0, 2)
      .map(([unit, count]) => `${count} ${unit}`)
      .join(' ') || '0 s'
  );
}

/** `30 s to 2 min`, `at least 30 s` */
export function durationText({ lowSec, highSec }: Duration): string {
  if (highSec === null) return lowSec === 0 ? 'unknown' : `at least ${secondsText(lowSec)}`;
  return lowSec === highSec ? secondsText(highSec) : `${secondsText(lowSec)} to ${secondsText(highSec)}`;
}
