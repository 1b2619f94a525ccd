/** What the keeper of a latch has seen. */
export interface LatchSight {
  /** Addresses that the record set of the API answers with now; empty where it does not resolve. */
  readonly answered: readonly string[];
  /** Addresses of the load balancer of the region that is watched. */
  readonly watched: readonly string[];
  /** Addresses of the load balancer of the region that takes over, in which the keeper runs. */
  readonly here: readonly string[];
  /** Last value of the latch, and its age in seconds; absent where it was never set. */
  readonly last?: { readonly value: number; readonly ageSec: number };
}

/**
 * Time after a release in which the latch is not engaged again, in seconds. Resolvers keep the answer of before for its TTL
 * of 60 s, and Route 53 follows the metric after up to two minutes.
 */
export const graceSec = 900;

export interface LatchDecision {
  readonly engage: boolean;
  /** For the log. */
  readonly reason: string;
}

/**
 * Whether to engage the latch: Route 53 has failed over to this region, so the watched one must not get its traffic back by
 * itself. It follows what name servers answer and judges nothing: a keeper that is wrong about a region moves no traffic.
 */
export function decideLatch({ answered, watched, here, last }: LatchSight): LatchDecision {
  const no = (reason: string): LatchDecision => ({ engage: false, reason });
  if (last && last.value >= 1) return no('it is engaged');
  if (answered.length === 0) return no('the name does not resolve');
  if (here.length === 0) return no('the load balancer of this region does not resolve');
  if (answered.some((address) => watched.includes(address))) return no('the watched region answers');
  // Where the answer is of neither, addresses have just changed.
  if (!answered.every((address) => here.includes(address))) return no('the answer is of no known load balancer');
  if (last && last.ageSec < graceSec) return no(`it was released ${Math.round(last.ageSec)} s ago`);
  return { engage: true, reason: 'Route 53 answers with this region' };
}
