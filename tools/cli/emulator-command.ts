import { relative } from 'node:path';
import { WrongUse } from '@platform/libs/settings/problem';
import { runningEmulators, startInBackground, stopEmulators } from '@platform/tools/emulator/background';
import { emulatorPackages } from '@platform/tools/emulator/emulator-packages';
import type { EmulatorProfile } from '@platform/tools/emulator/profile';
import { installedPython, installPython } from '@platform/tools/python/environment';
import { findRoot } from '@platform/tools/workspace/find-root';
import { print, talk } from './output';

export interface EmulatorOptions {
  readonly profile?: EmulatorProfile;
  readonly port?: string;
}

export type EmulatorAction = 'install' | 'start' | 'stop' | 'status';

/** Installs, starts, stops and shows emulators of AWS; prints `<profile> <endpoint>` of each that is concerned. */
export async function emulatorCommand(action: EmulatorAction, options: EmulatorOptions): Promise<number> {
  const root = findRoot();
  switch (action) {
    case 'install': {
      const already = installedPython(root, emulatorPackages) !== undefined;
      const python = await installPython(root, emulatorPackages, talk);
      talk(`${already ? 'already installed' : 'installed'}: ${relative(process.cwd(), python)}`);
      return 0;
    }
    case 'start': {
      const profile = options.profile ?? 'moto';
      const port = options.port === undefined ? {} : { port: portOf(options.port) };
      const { endpoint, logFile } = await startInBackground({ root, profile, note: talk, ...port });
      print(`${profile} ${endpoint}`);
      talk(`use it: export AWS_ENDPOINT_URL=${endpoint}; its log: ${relative(process.cwd(), logFile)}`);
      return 0;
    }
    case 'stop': {
      const stopped = await stopEmulators(root, options.profile);
      for (const { profile, endpoint } of stopped) print(`${profile} ${endpoint}`);
      talk(stopped.length > 0 ? 'stopped; its content is deleted' : 'no emulator was running');
      return 0;
    }
    case 'status': {
      const running = await runningEmulators(root);
      for (const { profile, endpoint } of running) print(`${profile} ${endpoint}`);
      if (running.length === 0) {
        talk(
          `no emulator is running; the pinned versions are ${installedPython(root, emulatorPackages) ? '' : 'not '}installed`,
        );
      }
      return running.length > 0 ? 0 : 1;
    }
  }
}

function portOf(given: string): number {
  if (/^\d{1,5}$/.test(given) && Number(given) > 0 && Number(given) < 65_536) return Number(given);
  throw new WrongUse(`--port: "${given}" is not a port; use 1–65535`);
}
