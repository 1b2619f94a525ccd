import type { UnrecordedObject } from '@platform/tools/model/apply-log';

/** An object that the state of a stack does not have, with the command that takes it into the state. */
export function describeUnrecorded(folder: string, { address, id }: UnrecordedObject): string {
  const command = `terraform -chdir=${quoted(folder)} import ${quoted(address)} ${quoted(id ?? '<id>')}`;
  return id === undefined
    ? `${address}: its creation began; where it exists: ${command}`
    : `${address}: ${id}: ${command}`;
}

/** A text as a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
