import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';

/** Which process holds something. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process began, in the kernel's ticks: process ids are used again, and clocks are set. Empty where unknown. */
  readonly began: string;
  readonly host: string;
  /** Namespace of process ids: containers can have one hostname, and see no processes of each other. Absent where unknown. */
  readonly namespace?: string;
  readonly user: string;
}

/** This process. */
export function thisProcess(): ProcessIdentity {
  const namespace = namespaceOfProcesses();
  return {
    pid: process.pid,
    began: beginningOf(process.pid) ?? '',
    host: hostname(),
    ...(namespace ? { namespace } : {}),
    user: userName(),
  };
}

/** What is known of a process. `elsewhere`: it is of another machine or container, and nothing is known. */
export function fateOf({ pid, began, host, namespace }: ProcessIdentity): 'alive' | 'dead' | 'elsewhere' {
  if (host !== hostname() || (namespace !== undefined && namespace !== namespaceOfProcesses())) return 'elsewhere';
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'dead';
  }
  const now = beginningOf(pid);
  return now === undefined || began === '' || now === began ? 'alive' : 'dead';
}

/** Name of the user; its number where it has no account, as in a container that runs as an arbitrary user. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] || `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

function namespaceOfProcesses(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

function beginningOf(pid: number): string | undefined {
  try {
    // The second field is the program's name in brackets and can hold anything; the start time is field 22.
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
  } catch {
    return undefined;
  }
}
