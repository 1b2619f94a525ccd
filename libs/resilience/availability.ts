/**
 * The share of time in which something works, from 0 to 1, as a range: `low` is what is safe to say, `high` what is
 * possible. What is unknown is the whole range, and stays wide in everything that it is part of.
 */
export interface Availability {
  readonly low: number;
  readonly high: number;
}

/** Without a commitment, a measurement or a model. */
export const unknownAvailability: Availability = { low: 0, high: 1 };

/** A known share of time. */
export function certain(share: number): Availability {
  return { low: share, high: share };
}

/** All of the parts must work: Π Aᵢ. */
export function series(parts: readonly Availability[]): Availability {
  return both(parts, (shares) => shares.reduce((product, share) => product * share, 1));
}

/**
 * One of the parts must work: 1 − Π(1 − Aᵢ), with common cause by the β-factor method. `commonCause` is the part of the
 * failures of the best part that all others have with it: 0 gives independent parts, 1 the best part alone.
 *
 * Source: https://www.weibull.com/hotwire/issue115/relbasics115.htm
 */
export function parallel(parts: readonly Availability[], commonCause: number): Availability {
  return both(parts, (shares) => 1 - failingTogether(shares, commonCause));
}

/** `needed` of `count` equal parts must work, which fail independently. */
export function someOf(needed: number, count: number, part: Availability): Availability {
  return both([part], ([share = 0]) => {
    let sum = 0;
    for (let working = needed; working <= count; working++) {
      sum += choose(count, working) * share ** working * (1 - share) ** (count - working);
    }
    return Math.min(1, sum);
  });
}

/**
 * One region serves and others take over after a failover. While it lasts, the path does not work: each outage of the
 * active region that the standby does not share counts for the part `lost` of its length, from 0 to 1.
 * @param lost time until the standby serves, divided by the length of an outage; at 1 the standby is of no use
 */
export function failingOver(
  active: Availability,
  standby: Availability,
  commonCause: number,
  lost: { readonly low: number; readonly high: number },
): Availability {
  return {
    low: oneFailover(active.low, standby.low, commonCause, lost.high),
    high: oneFailover(active.high, standby.high, commonCause, lost.low),
  };
}

function oneFailover(active: number, standby: number, commonCause: number, lost: number): number {
  // Parts that never work have no failures to share.
  if (active === 0 && standby === 0) return 0;
  const common = commonCause * Math.min(1 - active, 1 - standby);
  const alone = 1 - active - common;
  const standbyDown = 1 - standby - common;
  return 1 - common - alone * (standbyDown + (1 - standbyDown) * Math.min(1, lost));
}

function failingTogether(shares: readonly number[], commonCause: number): number {
  if (shares.every((share) => share === 0)) return 1;
  const common = commonCause * Math.min(...shares.map((share) => 1 - share));
  return common + shares.reduce((product, share) => product * (1 - share - common), 1);
}

function both(parts: readonly Availability[], of: (shares: readonly number[]) => number): Availability {
  return { low: of(parts.map(({ low }) => low)), high: of(parts.map(({ high }) => high)) };
}

function choose(from: number, count: number): number {
  let ways = 1;
  for (let index = 1; index <= count; index++) ways = (ways * (from - count + index)) / index;
  return ways;
}

/** `99.9997 %`: enough digits to tell the first two that are not 9. */
export function percentText(share: number): string {
  if (share >= 1) return '100 %';
  const digits = Math.max(2, Math.min(8, Math.ceil(-Math.log10(1 - share)) - 1));
  return `${(Math.floor(share * 100 * 10 ** digits + 1e-6) / 10 ** digits).toFixed(digits)} %`;
}

/** `99.99 to 100 %`, `unknown to 99.97 %`. */
export function availabilityText({ low, high }: Availability): string {
  const [from, to] = [low === 0 ? 'unknown' : percentText(low), percentText(high)];
  if (low === 0 && high === 1) return 'unknown';
  return from === to ? to : `${from.replace(' %', '')} to ${to}`;
}
