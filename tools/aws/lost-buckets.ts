/** Time for which a bucket that did not answer is not asked again, in seconds. */
const leftAloneSec = 60;

/**
 * Buckets that do not answer, as while their region is lost. A run asks for the states of many stacks: only the first
 * call that fails is repeated with patience; those that meet the same bucket meanwhile wait for that one, and those that
 * come after it fail at once.
 */
export class LostBuckets {
  private readonly lost = new Map<string, { readonly error: unknown; readonly at: number }>();
  private readonly trying = new Map<string, Promise<unknown>>();

  constructor(
    /** Whether an error says that the bucket does not answer. */
    private readonly isLost: (error: unknown) => boolean,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @param repeat makes a call again, several times where it has to */
  async ask<T>(bucket: string, call: () => Promise<T>, repeat: (call: () => Promise<T>) => Promise<T>): Promise<T> {
    const known = this.lost.get(bucket);
    if (known && this.now() - known.at < leftAloneSec * 1000) throw known.error;
    try {
      const answer = await call();
      this.lost.delete(bucket);
      return answer;
    } catch (error) {
      if (!this.isLost(error)) throw error;
      // One that was lost a minute ago has had its patience.
      if (known) throw this.remember(bucket, error);
    }
    const other = this.trying.get(bucket);
    if (other) {
      await other;
      return call();
    }
    const trying = repeat(call).catch((error: unknown) => {
      throw this.isLost(error) ? this.remember(bucket, error) : error;
    });
    this.trying.set(bucket, trying);
    try {
      return await trying;
    } finally {
      this.trying.delete(bucket);
    }
  }

  private remember(bucket: string, error: unknown): unknown {
    this.lost.set(bucket, { error, at: this.now() });
    return error;
  }
}
