import type { Configuration } from '../configuration';
import type { Finding, Review, ReviewGroup, ReviewStack } from '../review';
import type { RiskRule } from './rule';

/** A rule that looks at whole stacks, or at several together. */
export interface EstateRule extends RiskRule {
  readonly look: (estate: JudgedEstate) => readonly EstateSighting[];
}

/** What is found, the subject of the sentence included. */
export interface EstateSighting {
  readonly what: string;
  /** In place of that of the rule. */
  readonly why?: string;
  readonly stack?: string;
  readonly address?: string;
  readonly argument?: string;
}

export interface JudgedEstate {
  readonly target: Review['target'];
  readonly stacks: readonly ReviewStack[];
  readonly groups: readonly ReviewGroup[];
  /** Synthesised configurations by stack, on both sides; absent where there is none. */
  readonly configurations: ReadonlyMap<string, { readonly base?: Configuration; readonly head?: Configuration }>;
  /** Keys of the regions that are standbys. */
  readonly standbys: readonly string[];
  readonly reachability: Review['reachability'];
  /** Violations of the reachability policy, in words. */
  readonly violations: readonly string[];
  /** Undeclared differences between counterparts, in words. */
  readonly parity: readonly EstateSighting[];
  /** Objectives that do not hold. */
  readonly broken: readonly EstateSighting[];
  /** What recoveries need of a region that is lost. */
  readonly dependencies: readonly EstateSighting[];
  /** Paths whose rehearsal is too old, in words. */
  readonly unrehearsed: readonly EstateSighting[];
  readonly cost: Review['cost'];
  /** What the rules on resources have found. */
  readonly found: readonly Finding[];
}
