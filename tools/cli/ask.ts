import { createInterface } from 'node:readline/promises';

/** Asks on the terminal. An empty text where there is none, and after a signal. */
export async function ask(question: string, signal: AbortSignal | undefined): Promise<string> {
  if (!process.stdin.isTTY) return '';
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // A terminal that is read line by line keeps Ctrl-C to itself.
  terminal.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  try {
    return (await terminal.question(question, signal ? { signal } : {})).trim();
  } catch (error) {
    if (signal?.aborted) return '';
    throw error;
  } finally {
    terminal.close();
  }
}
