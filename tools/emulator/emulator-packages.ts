import { join } from 'node:path';
import type { PythonPackages } from '@platform/tools/python/environment';

/** The emulators, in the versions that the tests were written against. */
export const emulatorPackages: PythonPackages = {
  name: 'emulators',
  requirements: join('tools', 'emulator', 'requirements.txt'),
  otherwise: 'start an emulator yourself and name it by AWS_ENDPOINT_URL',
};
