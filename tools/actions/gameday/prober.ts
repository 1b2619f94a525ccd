import { setTimeout as delay } from 'node:timers/promises';
import type { Probe } from '@platform/tools/model/outage';

export interface ProberOptions {
  /** What is asked: any answer of 2xx or 3xx is a success. */
  readonly url: string;
  /** Time between two requests, in milliseconds. Default 250: an outage is known to half a second. */
  readonly everyMs?: number;
  /** Time after which a request has failed, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number;
  /**
   * Also write: `POST <url>` with `{"id": "<id>"}`, and any answer of 2xx acknowledges it. Afterwards `GET <url>/<id>` must
   * answer 200. Absent: only reads are made.
   */
  readonly writeUrl?: string;
}

/** Asks from outside, as a user does, until it is stopped. Each request uses a connection of its own, so that it follows DNS. */
export class Prober {
  readonly probes: Probe[] = [];
  private readonly stopping = new AbortController();
  private readonly pending = new Set<Promise<void>>();
  private readonly loop: Promise<void>;

  constructor(private readonly options: ProberOptions) {
    this.loop = this.run();
  }

  /** Ends, after the requests that are under way. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
    await Promise.all(this.pending);
  }

  /** Ids of the acknowledged writes that can be read now. */
  async present(): Promise<Set<string>> {
    const { writeUrl } = this.options;
    const found = new Set<string>();
    if (writeUrl === undefined) return found;
    for (const { written } of this.probes) {
      if (written === undefined) continue;
      const { status } = await this.ask(`${writeUrl}/${written}`).catch(() => ({ status: 0 }));
      if (status === 200) found.add(written);
    }
    return found;
  }

  private async run(): Promise<void> {
    const { everyMs = 250, url, writeUrl } = this.options;
    for (let count = 0; !this.stopping.signal.aborted; count++) {
      this.start(this.probe(url));
      if (writeUrl !== undefined) this.start(this.probe(writeUrl, `probe-${Date.now()}-${count}`));
      await delay(everyMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  private start(probe: Promise<void>): void {
    this.pending.add(probe);
    void probe.finally(() => this.pending.delete(probe));
  }

  private async probe(url: string, id?: string): Promise<void> {
    const sentMs = performance.now();
    let ok = false;
    try {
      const { status } = await this.ask(url, id);
      ok = status >= 200 && status < (id === undefined ? 400 : 300);
    } catch {
      // No answer in time, or no connection.
    }
    this.probes.push({ sentMs, endedMs: performance.now(), ok, ...(ok && id !== undefined ? { written: id } : {}) });
  }

  private async ask(url: string, id?: string): Promise<{ readonly status: number }> {
    const answer = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(this.options.timeoutMs ?? 5_000),
      headers: { connection: 'close', ...(id === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(id === undefined ? {} : { method: 'POST', body: JSON.stringify({ id }) }),
    });
    await answer.arrayBuffer();
    return answer;
  }
}
