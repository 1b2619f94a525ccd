import { WrongUse } from '@platform/libs/settings/problem';
import { runningEmulators } from './background';
import { identifyEmulator, type Emulator, type EmulatorProfile } from './profile';

/**
 * The emulator that commands work on: what answers at `AWS_ENDPOINT_URL`, else one that `npx platform emulator start` has
 * started.
 * @throws WrongUse when there is none, none of the wanted profile, or nothing answers at the address
 */
export async function findEmulator(
  root: string,
  variables: NodeJS.ProcessEnv = process.env,
  profile?: EmulatorProfile,
): Promise<Emulator> {
  const given = variables['AWS_ENDPOINT_URL'];
  if (given) {
    if (!URL.canParse(given)) {
      throw new WrongUse(`AWS_ENDPOINT_URL: "${given}" is not a URL; use one such as http://127.0.0.1:4566`);
    }
    const found = await identifyEmulator(given.replace(/\/+$/, ''));
    if (found) return found;
    throw new WrongUse(`AWS_ENDPOINT_URL: nothing answers at ${given}; start the emulator, or unset the variable`);
  }
  const running = (await runningEmulators(root)).filter((each) => !profile || each.profile === profile);
  if (running.length === 1) return running[0]!;
  throw new WrongUse(
    running.length === 0
      ? 'emulator: none is running; `npx platform emulator start`, or name one by AWS_ENDPOINT_URL'
      : `emulator: ${running.map((each) => each.profile).join(' and ')} are running; choose one by AWS_ENDPOINT_URL=${running[0]!.endpoint}`,
  );
}
