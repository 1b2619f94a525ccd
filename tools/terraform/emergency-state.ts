import { chmodSync, closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** A state that Terraform printed because it could write it nowhere, and the output without it. */
export interface TakenState {
  /** Absent where nothing was printed, or not to its end. */
  readonly state?: string;
  readonly rest: string;
}

/** What stands in the output instead. */
const REMOVED = '(the state that Terraform printed here is not shown)';

/**
 * Takes the state out of what Terraform printed: it can hold secrets, and the output reaches terminals and the logs of a
 * CI. Terraform prints it as a line of type `state_dump` with `-json`, else as JSON over several lines (Terraform 1.11,
 * `EmergencyDumpState`). One that was cut short is taken out too.
 */
export function takeEmergencyState(output: string, removed: (dump: string) => string = () => REMOVED): TakenState {
  let state: string | undefined;
  const lines = output.split('\n').map((line) => {
    if (!/^\{"@level":"info","@message":"Emergency state dump"/.test(line)) return line;
    state = stateOfLine(line) ?? state;
    return removed(line);
  });
  const rest = lines.join('\n').replace(/^\{\n\s*"version": 4,[\s\S]*?(?:^\}$|(?![\s\S]))/gm, (text) => {
    state = isWhole(text) ? text : state;
    return removed(text);
  });
  return { rest, ...(state === undefined ? {} : { state }) };
}

/**
 * Takes the states out of a log too, in place, so that what is recorded as a place in the log stays one. A state that is
 * nowhere else, as where this process died before Terraform did, is kept first; where no place takes it, the log stays.
 * @param kept whether the last state of the log is in a file already
 */
export function clearLog(logFile: string, folder: string, kept = false): void {
  if (!existsSync(logFile)) return;
  // One byte a character: Terraform writes UTF-8, and places in the log are counted in bytes.
  const text = readFileSync(logFile, 'latin1');
  const { rest, state } = takeEmergencyState(text, (dump) => REMOVED.slice(0, dump.length).padEnd(dump.length));
  if (rest === text) return;
  const isKept = kept || state === undefined;
  if (!isKept && keepEmergencyState(folder, Buffer.from(state, 'latin1').toString()) === undefined) return;
  const file = openSync(logFile, 'r+');
  try {
    writeSync(file, rest, 0, 'latin1');
  } finally {
    closeSync(file);
  }
}

/**
 * Writes such a state into the folder, where the next command finds and saves it, or where that has no space into the
 * first other place that takes it, readable by this user only.
 * @returns the path; nothing where no place takes it
 */
export function keepEmergencyState(folder: string, state: string): string | undefined {
  const inFolder = join(folder, 'errored.tfstate');
  const isTaken = existsSync(inFolder) && statSync(inFolder).size > 0;
  const name = `errored-${basename(folder)}-${process.pid}.tfstate`;
  const others = [tmpdir(), homedir(), '/dev/shm'].map((place) => join(place, name));
  return [...(isTaken ? [] : [inFolder]), ...others].find((path) => {
    try {
      writeFileSync(path, state, { mode: 0o600 });
      // The empty file that Terraform left has its own.
      chmodSync(path, 0o600);
      return readFileSync(path, 'utf8') === state;
    } catch {
      return false;
    }
  });
}

function stateOfLine(line: string): string | undefined {
  try {
    const { state } = JSON.parse(line) as { readonly state?: unknown };
    if (typeof state === 'string') return isWhole(state) ? state : undefined;
    return typeof state === 'object' && state !== null ? JSON.stringify(state) : undefined;
  } catch {
    return undefined;
  }
}

function isWhole(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}
