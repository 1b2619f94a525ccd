/**
 * Emulators of AWS that the lifecycle is tried on. `moto` carries the network half of the estate, `ministack` the data
 * and edge half; each has faults of its own, see `known-faults.ts`.
 */
export const emulatorProfiles = ['moto', 'ministack'] as const;
export type EmulatorProfile = (typeof emulatorProfiles)[number];

/** An emulator that answers. */
export interface Emulator {
  /** `http://127.0.0.1:4566` */
  readonly endpoint: string;
  /** `other`: an endpoint that was given and is none of those that are known; nothing is assumed of its faults. */
  readonly profile: EmulatorProfile | 'other';
}

/** Asks what answers at an endpoint; nothing where no answer comes within `timeoutMs`. */
export async function identifyEmulator(endpoint: string, timeoutMs = 2000): Promise<Emulator | undefined> {
  const status = async (path: string) => {
    try {
      const response = await fetch(new URL(path, `${endpoint}/`), { signal: AbortSignal.timeout(timeoutMs) });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return undefined;
    }
  };
  if ((await status('/_ministack/health')) === 200) return { endpoint, profile: 'ministack' };
  if ((await status('/moto-api/')) === 200) return { endpoint, profile: 'moto' };
  return (await status('/')) === undefined ? undefined : { endpoint, profile: 'other' };
}
