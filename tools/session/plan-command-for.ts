import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { shellWord } from '@platform/tools/workspace/shell-word';
import type { LiveSession } from './live-session';

/**
 * A command of this repository for the target and environment of a session, as people can paste it: each argument is one
 * word for a shell. `<project>` and the like stay: the reader replaces them.
 */
export function commandLine(
  { options: { target, environment } }: Pick<LiveSession, 'options'>,
  verb: string,
  ...args: readonly string[]
): string {
  const words = args.map((arg) => (/^<(project|stack|version)>$/.test(arg) ? arg : shellWord(arg)));
  return ['npx platform', verb, ...words, '--target', target.name, '-c', environment.name].join(' ');
}

/** A command on a project. */
export function commandFor(session: LiveSession, command: string) {
  return ({ project }: Pick<StackDescription, 'project'>) => commandLine(session, command, project);
}

/** The command with which a person plans a stack. */
export function planCommandFor(session: LiveSession) {
  return commandFor(session, 'plan');
}
