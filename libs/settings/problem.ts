/** A problem with something that a person wrote. */
export interface Problem {
  /** Place, as a path into the settings: `region-us/region.ts: cidrs.prod`. */
  readonly where: string;
  /** What is wrong, with the given value. */
  readonly what: string;
  /** What to do. */
  readonly remedy: string;
}

/** `where: what is wrong with the value given; what to do` */
export function formatProblem({ where, what, remedy }: Problem): string {
  return `${where}: ${what}; ${remedy}`;
}

/** A request that cannot be fulfilled: the message says what is wrong and what to do. Commands exit with 2. */
export class WrongUse extends Error {
  override readonly name: string = 'WrongUse';
  readonly exitCode = 2;
}

/** Whether an error is wrong use. Decided by its exit code, because the estate's bundle has its own class. */
export function isWrongUse(error: unknown): error is WrongUse {
  return (error as Partial<WrongUse> | undefined)?.exitCode === 2;
}

/**
 * Returns the given word if it is allowed.
 * @throws WrongUse otherwise
 */
export function oneOf<T extends string>(where: string, allowed: readonly T[], given: string): T {
  const found = allowed.find((word) => word === given);
  if (found === undefined) throw new WrongUse(`${where}: there is no "${given}"; use one of ${allowed.join(', ')}`);
  return found;
}

/** All problems of the settings in one error. Commands that throw it have written nothing. */
export class SettingsError extends WrongUse {
  override readonly name = 'SettingsError';

  constructor(readonly problems: readonly Problem[]) {
    super(
      [
        `${problems.length} problem${problems.length === 1 ? '' : 's'} in the settings`,
        ...problems.map(formatProblem),
      ].join('\n  '),
    );
  }
}
