/** Results go to stdout, so that they can be piped. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Talk goes to stderr. */
export function talk(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * From now on a reader may leave before the end, as `head` does: what nobody reads is dropped, and the command goes on to
 * its own end and exit code. A deploy must not break off because of who watches it.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // A terminal that was closed answers with EIO.
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}
