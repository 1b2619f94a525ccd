import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { shellWord } from '@platform/tools/workspace/shell-word';
import type { LiveSessionOptions } from './session-options';

/** Where a command works: its target and environment. */
export interface CommandPlace {
  readonly options: {
    readonly target: Pick<LiveSessionOptions['target'], 'name'>;
    readonly environment: Pick<LiveSessionOptions['environment'], 'name'>;
  };
}

/**
 * A command of this repository for a target and environment, as people can paste it: each argument is one
 * word for a shell. `<project>` and the like stay: the reader replaces them.
 */
export function commandLine(
  { options: { target, environment } }: CommandPlace,
  verb: string,
  ...args: readonly string[]
): string {
  const words = args.map((arg) => (/^<(project|stack|version)>$/.test(arg) ? arg : shellWord(arg)));
  return ['npx platform', verb, ...words, '--target', target.name, '-c', environment.name].join(' ');
}

/** A command on a project. */
export function commandFor(session: CommandPlace, command: string) {
  return ({ project }: Pick<StackDescription, 'project'>) => commandLine(session, command, project);
}

/** The command with which a person plans a stack. */
export function planCommandFor(session: CommandPlace) {
  return commandFor(session, 'plan');
}
