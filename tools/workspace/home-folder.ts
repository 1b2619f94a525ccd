import { homedir } from 'node:os';

/**
 * Home folder of the user; `/` where the user has no account and `HOME` is not set, as in a container that runs as an
 * arbitrary user. Docker sets the same there. It is a folder that no other user can prepare.
 */
export function homeFolder(variables: NodeJS.ProcessEnv = process.env): string {
  if (variables['HOME']) return variables['HOME'];
  try {
    return homedir();
  } catch {
    return '/';
  }
}
