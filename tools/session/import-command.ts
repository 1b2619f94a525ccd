import type { LiveSession } from './live-session';

/** The command that takes an object that exists into the state of a stack. */
export function importCommand(
  _session: LiveSession,
  _stack: string,
  folder: string,
  address: string,
  id: string,
): string {
  return `terraform -chdir=${quoted(folder)} import ${quoted(address)} ${quoted(id)}`;
}

/** A text as a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./:<>@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
