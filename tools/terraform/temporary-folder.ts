import { accessSync, constants, statfsSync, statSync } from 'node:fs';
import { WrongUse } from '@platform/libs/settings/problem';

/**
 * Longest folder for temporary files, in bytes. Terraform and a provider talk over a Unix socket there, `plugin` and up to
 * ten digits; the path of a socket has at most 107 bytes on Linux, 103 on macOS (unix(7): `sun_path` with its end).
 */
const LONGEST = (process.platform === 'darwin' ? 103 : 107) - '/plugin1234567890'.length;
/** Space that a call of Terraform needs for its messages alone, in bytes. */
const LEAST = 1024 * 1024;

/**
 * Checks the folder for temporary files before anything is started: Terraform names neither its length nor its absence.
 * @throws WrongUse when it is missing, cannot be written, is full, or its path is too long
 */
export function assertTemporaryFolder(environment: NodeJS.ProcessEnv = process.env): void {
  const folder = environment['TMPDIR'] || '/tmp';
  const problem = problemOf(folder);
  if (problem) throw new WrongUse(`TMPDIR: "${folder}" ${problem}`);
}

function problemOf(folder: string): string | undefined {
  const another = 'or set TMPDIR to another folder';
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    return `is not a folder; create it, ${another}`;
  }
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    return `cannot be written by this user; make it writable, ${another}`;
  }
  const bytes = Buffer.byteLength(folder);
  if (bytes > LONGEST) {
    return `has ${bytes} bytes, and the sockets of Terraform's providers in it can have ${LONGEST} at most; set TMPDIR to a shorter path`;
  }
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize < LEAST ? `is full; free some space, ${another}` : undefined;
}
