/**
 * Runs `work` once per item, an item only after all of its upstreams, with at most `workers` at a time. Each running
 * item has a worker number below `workers` to itself. An item whose work rejects stops nothing but the whole run's end:
 * the first rejection is rethrown after everything that was running has settled. `stop` keeps further items from starting.
 */
export async function runInOrder<T>(
  items: readonly T[],
  options: {
    readonly name: (item: T) => string;
    readonly upstreams: (item: T) => readonly string[];
    readonly workers: number;
    readonly stop?: AbortSignal;
    readonly work: (item: T, worker: number) => Promise<void>;
  },
): Promise<void> {
  const names = new Set(items.map(options.name));
  const settled = new Set<string>();
  const waiting = [...items];
  const idle = Array.from({ length: Math.max(1, options.workers) }, (_, worker) => worker).reverse();
  const failures: unknown[] = [];

  await new Promise<void>((resolve) => {
    let running = 0;
    const startReady = () => {
      const stopped = options.stop?.aborted || failures.length > 0;
      for (let index = 0; !stopped && index < waiting.length && idle.length > 0; ) {
        const item = waiting[index]!;
        const ready = options.upstreams(item).every((name) => !names.has(name) || settled.has(name));
        if (!ready) {
          index++;
          continue;
        }
        waiting.splice(index, 1);
        const worker = idle.pop()!;
        running++;
        options
          .work(item, worker)
          .catch((error: unknown) => failures.push(error))
          .finally(() => {
            running--;
            idle.push(worker);
            settled.add(options.name(item));
            startReady();
          });
      }
      if (running === 0) resolve();
    };
    startReady();
  });
  if (failures.length > 0) throw failures[0];
  if (waiting.length > 0 && !options.stop?.aborted) {
    throw new Error(`these wait for each other in a circle: ${waiting.map(options.name).join(', ')}`);
  }
}
