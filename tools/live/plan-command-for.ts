import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { LiveSession } from './live-session';

/** A command of this repository on a project, for the target and environment of a session: what people can paste. */
export function commandFor({ options: { target, environment } }: LiveSession, command: string) {
  return ({ project }: Pick<StackDescription, 'project'>) =>
    `npm run ${command} -- ${project} --target ${target.name} -c ${environment.name}`;
}

/** The command with which a person plans a stack. */
export function planCommandFor(session: LiveSession) {
  return commandFor(session, 'plan');
}
