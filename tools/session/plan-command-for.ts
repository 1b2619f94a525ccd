import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { LiveSession } from './live-session';

/** A command of this repository for the target and environment of a session, as people can paste it. */
export function commandLine(
  { options: { target, environment } }: Pick<LiveSession, 'options'>,
  verb: string,
  ...args: readonly string[]
): string {
  return ['npx platform', verb, ...args, '--target', target.name, '-c', environment.name].join(' ');
}

/** A command on a project. */
export function commandFor(session: LiveSession, command: string) {
  return ({ project }: Pick<StackDescription, 'project'>) => commandLine(session, command, project);
}

/** The command with which a person plans a stack. */
export function planCommandFor(session: LiveSession) {
  return commandFor(session, 'plan');
}
