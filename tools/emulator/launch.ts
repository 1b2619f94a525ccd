import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
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

/** The account that an emulator's resources belong to, whoever calls. */
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
    if (obstacle) options.note?.(`${obstacle.message}\nusing ${onPath} of PATH, whose version is not the tested one`);
    return { command: onPath, args, environment };
  }
  throw (
    obstacle ??
    new PythonPackagesNotInstallable(
      `emulator ${profile}: it is not installed and ${onPath} is not on PATH; run \`npm run emulator -- install\`, or start one yourself and name it by AWS_ENDPOINT_URL`,
    )
  );
}

/** A port of loopback that nobody listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The caller's variables without those of AWS: a real account plays no part. */
function environmentOf(profile: EmulatorProfile, port: number): NodeJS.ProcessEnv {
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_')));
  return profile === 'moto'
    ? { ...kept, MOTO_IAM_LOAD_MANAGED_POLICIES: 'true', PYTHONUNBUFFERED: '1' }
    : {
        ...kept,
        BIND_HOST: '127.0.0.1',
        GATEWAY_PORT: String(port),
        MINISTACK_ACCOUNT_ID: emulatorAccount,
        PYTHONUNBUFFERED: '1',
      };
}
