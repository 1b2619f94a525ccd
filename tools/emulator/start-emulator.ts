import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnSupervised } from '@platform/tools/terraform/spawn-supervised';
import { assertFree, freePort, launchOf } from './launch';
import { identifyEmulator, type Emulator, type EmulatorProfile } from './profile';

/** An emulator that ends with this process at the latest. */
export interface RunningEmulator extends Emulator {
  readonly pid: number;
  stop(): Promise<void>;
}

export interface StartEmulatorOptions {
  /** Workspace root. */
  readonly root: string;
  readonly profile: EmulatorProfile;
  /** Install the pinned emulators first where they are missing. Default: no. */
  readonly install?: boolean;
  /** Port of loopback. Default: a free one. */
  readonly port?: number;
  readonly note?: (text: string) => void;
}

/** Time until an emulator has to answer, on a busy machine. */
export const HEALTHY_WITHIN_MS = 60_000;
const POLL_MS = 100;
/** A port can be taken between the moment it was found free and the emulator's start. */
const ATTEMPTS = 3;

/**
 * Starts an emulator on loopback and waits until it answers. It does not outlive this process, however that ends.
 * @throws PythonPackagesNotInstallable when there is no emulator to start; Error with its last words when it ends at once
 */
export async function startEmulator(options: StartEmulatorOptions): Promise<RunningEmulator> {
  if (options.port !== undefined) await assertFree(options.port);
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await freePort());
    const launch = await launchOf(options.root, options.profile, port, options);
    const child = spawnSupervised(launch.command, launch.args, { env: launch.environment, orphanSignal: 'KILL' });
    const ended = once(child, 'close');
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)));
    }
    const endpoint = `http://127.0.0.1:${port}`;
    const alive = () => child.exitCode === null;
    if (await answers(endpoint, alive)) {
      const stop = async () => {
        child.signalGroup('SIGKILL');
        await ended;
      };
      return { endpoint, profile: options.profile, pid: await child.pid, stop };
    }
    child.signalGroup('SIGKILL');
    await ended;
    if (attempt === ATTEMPTS || options.port !== undefined || !/address.*in use/i.test(said)) {
      throw new Error(
        `emulator ${options.profile}: it does not answer at ${endpoint}; its last words:\n${said.trim()}`,
      );
    }
  }
}

/** Whether the endpoint answers within {@link HEALTHY_WITHIN_MS} and while `alive` holds. */
export async function answers(endpoint: string, alive: () => boolean): Promise<boolean> {
  for (const end = Date.now() + HEALTHY_WITHIN_MS; Date.now() < end && alive(); await delay(POLL_MS)) {
    if ((await identifyEmulator(endpoint)) && alive()) return true;
  }
  return false;
}
