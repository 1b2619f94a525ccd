/** One thing that is wrong with what a person wrote. */
export interface Problem {
  /** Where it stands, as a path into the settings: `region-us/region.ts: cidrs.prod`. */
  readonly where: string;
  /** What is wrong, with the value given. */
  readonly what: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** `where: what is wrong with the value given; what to do` */
export function formatProblem({ where, what, remedy }: Problem): string {
  return `${where}: ${what}; ${remedy}`;
}

/** A person asked for something that cannot be: the message says what is wrong and what to do. Commands exit with 2. */
export class WrongUse extends Error {
  override readonly name: string = 'WrongUse';
  readonly exitCode = 2;
}

/** Whether an error is one of use. Told by its exit code: what the estate's code throws is of a class of its own bundle. */
export function isWrongUse(error: unknown): error is WrongUse {
  return (error as Partial<WrongUse> | undefined)?.exitCode === 2;
}

/**
 * A word that a person chose, where it is one of those that there are.
 * @throws WrongUse when it is not
 */
export function oneOf<T extends string>(where: string, allowed: readonly T[], given: string): T {
  const found = allowed.find((word) => word === given);
  if (found === undefined) throw new WrongUse(`${where}: there is no "${given}"; use one of ${allowed.join(', ')}`);
  return found;
}

/** All problems of the settings in one error; commands that catch it have written nothing. */
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
