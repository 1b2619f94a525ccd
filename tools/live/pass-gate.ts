import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/** What has to be green before the next region is changed. Without command and address only the time counts. */
export interface Gate {
  /** Run by the shell; green when it exits with 0. */
  readonly command?: string;
  /** Green when it answers with a status from 200 to 299. */
  readonly url?: string;
  /** Time in which it has to stay green, in seconds: a change can take a while to do harm. */
  readonly waitSec: number;
  /** Time between two looks, in seconds. Default 10. */
  readonly everySec?: number;
}

/** Watches a gate for its whole time. Gives what was red, or nothing. */
export async function passGate(gate: Gate, signal?: AbortSignal): Promise<string | undefined> {
  const { waitSec, everySec = 10 } = gate;
  for (const end = performance.now() + waitSec * 1000; ; ) {
    const red = await look(gate);
    if (red) return red;
    const leftMs = end - performance.now();
    if (leftMs <= 0) return undefined;
    await delay(Math.min(leftMs, everySec * 1000), undefined, signal ? { signal } : {});
  }
}

async function look({ command, url }: Gate): Promise<string | undefined> {
  if (command) {
    const { status, signal, stdout, stderr } = spawnSync(command, { shell: true, encoding: 'utf8' });
    const said = `${stdout}${stderr}`.trim().split('\n').slice(-5).join('\n');
    if (status !== 0) return `\`${command}\` ended with ${status ?? signal}${said && `:\n${said}`}`;
  }
  if (url) {
    try {
      const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      if (!ok) return `${url} answered with ${status}`;
    } catch (error) {
      return `${url} does not answer: ${((error as Error).cause as Error | undefined)?.message ?? (error as Error).message}`;
    }
  }
  return undefined;
}
