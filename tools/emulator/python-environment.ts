import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The emulators cannot be installed here; the message says what is missing and what to do. */
export class EmulatorsNotInstallable extends Error {
  override readonly name = 'EmulatorsNotInstallable';
  readonly exitCode = 1;
}

const requirementsFile = join('tools', 'emulator', 'requirements.txt');

/**
 * Where the Python environment with the emulators lies, whether it is there or not. Its name follows from the pinned
 * versions, so that a folder of that name is complete and right, and a change of the pins makes another.
 */
export function environmentFolder(root: string): string {
  const pins = createHash('sha256')
    .update(readFileSync(join(root, requirementsFile)))
    .digest('hex');
  return join(root, '.cache', 'emulators', pins.slice(0, 12));
}

/** Python of the environment, or nothing where that is not installed. */
export function installedPython(root: string): string | undefined {
  const python = pythonIn(environmentFolder(root));
  return existsSync(python) ? python : undefined;
}

/**
 * Makes the environment if it is not there: pinned versions, each archive checked against its hash, nothing built from
 * source. It is made aside and takes its name at the end, so that a killed or a second run does no harm.
 * @returns its Python
 * @throws EmulatorsNotInstallable
 */
export async function installEmulators(
  root: string,
  note: (text: string) => void = () => {},
  variables: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const installed = installedPython(root);
  if (installed) return installed;

  const folder = environmentFolder(root);
  const aside = `${folder}.${randomUUID().slice(0, 8)}`;
  const base = await findPython(variables);
  mkdirSync(join(folder, '..'), { recursive: true });
  try {
    note(`installing the emulators with ${base}`);
    await orExplain(
      base,
      ['-m', 'venv', aside],
      'Python cannot make an environment; install its venv module (Debian: `apt-get install python3-venv`)',
    );
    const pip = ['-m', 'pip', '--no-input', 'install', '--quiet', '--require-hashes', '--only-binary', ':all:'];
    await orExplain(
      pythonIn(aside),
      [...pip, '-r', join(root, requirementsFile)],
      "pip cannot install the pinned versions; check the connection and pip's index setting",
    );
    try {
      renameSync(aside, folder);
    } catch (error) {
      // Somebody else was faster: what lies there is the same.
      if (!existsSync(pythonIn(folder))) throw error;
    }
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return pythonIn(folder);
}

function pythonIn(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

async function findPython(variables: NodeJS.ProcessEnv): Promise<string> {
  for (const name of ['python3', 'python']) {
    const { code } = await run(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'], variables);
    if (code === 0) return name;
  }
  throw new EmulatorsNotInstallable(
    'emulators: there is no Python 3.10 or newer on PATH; install one, or start an emulator yourself and name it by AWS_ENDPOINT_URL',
  );
}

async function orExplain(command: string, args: readonly string[], fault: string): Promise<void> {
  const { code, output } = await run(command, args);
  if (code === 0) return;
  const last = output.trim().split('\n').slice(-5).join('\n  ');
  throw new EmulatorsNotInstallable(`emulators: ${fault}\n  ${last}`);
}

function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
