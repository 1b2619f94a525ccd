/** Text as a POSIX shell takes it for one word, for commands that people paste. */
export function shellWord(text: string): string {
  return /^[\w./:@=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Longest text of a foreign field in a message, in characters. */
const LONGEST = 200;

/** A field that others wrote, as it can be printed: on one line, by {@link withoutControls}, and at most 200 characters long. */
export function printable(text: string): string {
  const line = withoutControls(text).replace(/[\n\t]/g, escaped);
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/**
 * Text of others as it can be printed on a terminal: control characters other than line ends and tabs, and those that
 * change the direction of writing, as `\u001b`.
 */
export function withoutControls(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what must not reach a terminal
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, escaped);
}

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
