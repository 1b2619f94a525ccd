import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';
import { installedPython, installPython, PythonPackagesNotInstallable } from '@platform/tools/python/environment';
import { emulatorPackages } from './emulator-packages';
import type { EmulatorProfile } from './profile';

/** How an emulator is started. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

const programs: Readonly<Record<EmulatorProfile, { readonly onPath: string; readonly module: string }>> = {
  moto: { onPath: 'moto_server', module: 'moto.server' },
  ministack: { onPath: 'ministack', module: 'ministack' },
};

/** The account of an emulator's resources, for every caller. */
export const emulatorAccount = '123456789012';

/**
 * The command of a profile on a port of loopback: from the repository's own environment, else what is on PATH.
 * `install`: make that environment first where it is missing and can be had.
 * @throws PythonPackagesNotInstallable when there is neither
 */
export async function launchOf(
  root: string,
  profile: EmulatorProfile,
  port: number,
  options: { readonly install?: boolean; readonly note?: (text: string) => void } = {},
): Promise<Launch> {
  const { module, onPath } = programs[profile];
  const args = profile === 'moto' ? ['-H', '127.0.0.1', '-p', String(port)] : [];
  const environment = environmentOf(profile, port);
  let python = installedPython(root, emulatorPackages);
  let obstacle: PythonPackagesNotInstallable | undefined;
  if (!python && options.install) {
    try {
      python = await installPython(root, emulatorPackages, options.note);
    } catch (error) {
      if (!(error instanceof PythonPackagesNotInstallable)) throw error;
      obstacle = error;
    }
  }
  if (python) return { command: python, args: ['-m', module, ...args], environment };
  const found = (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, onPath)));
  if (found) {
    if (obstacle) options.note?.(obstacle.message);
    options.note?.(
      `using ${onPath} of PATH, whose version is not the tested one${obstacle ? '' : '; `npx platform emulator install` gets that'}`,
    );
    return { command: onPath, args, environment };
  }
  throw (
    obstacle ??
    new PythonPackagesNotInstallable(
      `emulator ${profile}: it is not installed and ${onPath} is not on PATH; run \`npx platform emulator install\`, or start one yourself and name it by AWS_ENDPOINT_URL`,
    )
  );
}

/** A port of loopback that is free at this moment. */
export function freePort(): Promise<number> {
  return listenOn(0);
}

/**
 * Another program on the port would be taken for the emulator.
 * @throws WrongUse
 */
export async function assertFree(port: number): Promise<void> {
  try {
    await listenOn(port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === 'EADDRINUSE'
        ? 'another program listens on it'
        : code === 'EACCES'
          ? 'it needs rights of root'
          : undefined;
    if (!what) throw error;
    throw new WrongUse(`port ${port}: ${what}; give another by --port, or none for a free one`);
  }
}

function listenOn(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address() as AddressInfo;
      server.close(() => resolve(address.port));
    });
  });
}

/** The caller's variables without those of AWS: a real account plays no part. */
function environmentOf(profile: EmulatorProfile, port: number): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
  return profile === 'moto'
    ? // Without the last one a certificate is a minute older than its record before it is issued.
      { ...kept, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true', PYTHONUNBUFFERED: '1', MOTO_ACM_VALIDATION_WAIT: '0' }
    : {
        ...kept,
        BIND_HOST: '127.0.0.1',
        GATEWAY_PORT: String(port),
        MINISTACK_ACCOUNT_ID: emulatorAccount,
        PYTHONUNBUFFERED: '1',
      };
}
