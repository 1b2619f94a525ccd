/** What `promise` gives, or the reason of the first of the signals that aborts before. */
export async function unlessAborted<T>(promise: Promise<T>, ...signals: (AbortSignal | undefined)[]): Promise<T> {
  const signal = AbortSignal.any(signals.filter((each) => each !== undefined));
  let abort!: () => void;
  const abortion = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
  });
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort);
  try {
    return await Promise.race([abortion, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
