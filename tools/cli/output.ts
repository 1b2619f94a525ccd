/** Results go to stdout, so that they can be piped. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Talk goes to stderr. */
export function talk(text: string): void {
  process.stderr.write(`${text}\n`);
}
