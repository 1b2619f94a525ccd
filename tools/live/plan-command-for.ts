import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { LiveSession } from './live-session';

/** The command with which a person plans a stack for the target and environment of a session. */
export function planCommandFor({ options: { target, environment } }: LiveSession) {
  return ({ project }: Pick<StackDescription, 'project'>) =>
    `npm run plan -- ${project} --target ${target.name} -c ${environment.name}`;
}
