import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawnSupervised } from '@platform/tools/terraform/spawn-supervised';

/** Programs in Python that the repository installs for itself, beside what the machine has. */
export interface PythonPackages {
  /** What people call them, and the folder below `.cache` in which they lie. */
  readonly name: string;
  /** Pinned versions with the hash of each archive, as `uv pip compile --generate-hashes` writes them; path from the root. */
  readonly requirements: string;
  /** What else helps where there is no Python, in the words of an error message. */
  readonly otherwise?: string;
}

/** The packages cannot be installed here; the message says what is missing and what to do. */
export class PythonPackagesNotInstallable extends Error {
  override readonly name = 'PythonPackagesNotInstallable';
  readonly exitCode = 1;
}

/**
 * Where the environment with the packages lies, whether it is there or not. Its name follows from the pinned versions, so
 * that a folder of that name is complete and right, and a change of the pins makes another.
 */
export function environmentFolder(root: string, { name, requirements }: PythonPackages): string {
  const pins = createHash('sha256')
    .update(readFileSync(join(root, requirements)))
    .digest('hex');
  return join(root, '.cache', name, pins.slice(0, 12));
}

/** Python of the environment, or nothing where that is not installed. */
export function installedPython(root: string, packages: PythonPackages): string | undefined {
  const python = pythonIn(environmentFolder(root, packages));
  return existsSync(python) ? python : undefined;
}

/**
 * Makes the environment if it is not there: pinned versions, each archive checked against its hash, nothing built from
 * source. It is made aside and takes its name at the end, so that a killed or a second run does no harm.
 * @returns its Python
 * @throws PythonPackagesNotInstallable
 */
export async function installPython(
  root: string,
  packages: PythonPackages,
  note: (text: string) => void = () => {},
  variables: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  const installed = installedPython(root, packages);
  if (installed) return installed;

  const folder = environmentFolder(root, packages);
  const aside = `${folder}.${randomUUID().slice(0, 8)}`;
  const base = await findPython(packages, variables);
  mkdirSync(dirname(folder), { recursive: true });
  const orExplain = async (command: string, args: readonly string[], fault: string) => {
    const { code, output } = await run(command, args, { orphanFolder: aside });
    if (code === 0) return;
    const last = output.trim().split('\n').slice(-5).join('\n  ');
    throw new PythonPackagesNotInstallable(`${packages.name}: ${fault}\n  ${last}`);
  };
  try {
    note(`installing ${packages.name} with ${base}, once; this takes a minute or two`);
    await orExplain(
      base,
      ['-m', 'venv', aside],
      'Python cannot make an environment; install its venv module (Debian: `apt-get install python3-venv`)',
    );
    const pip = ['-m', 'pip', '--no-input', 'install', '--quiet', '--require-hashes', '--only-binary', ':all:'];
    await orExplain(
      pythonIn(aside),
      [...pip, '-r', join(root, packages.requirements)],
      "pip cannot install the pinned versions; check the connection and pip's index setting",
    );
    try {
      renameSync(aside, folder);
    } catch (error) {
      // Another run was faster: the environment is the same.
      if (!existsSync(pythonIn(folder))) throw error;
    }
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return pythonIn(folder);
}

function pythonIn(folder: string): string {
  return join(folder, 'bin', 'python');
}

async function findPython({ name, otherwise }: PythonPackages, variables: NodeJS.ProcessEnv): Promise<string> {
  for (const command of ['python3', 'python']) {
    const { code } = await run(command, ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'], { env: variables });
    if (code === 0) return command;
  }
  throw new PythonPackagesNotInstallable(
    `${name}: there is no Python 3.10 or newer on PATH; install one${otherwise ? `, or ${otherwise}` : ''}`,
  );
}

/** Runs a program to its end. It does not outlive this process, nor does the folder that it fills. */
function run(
  command: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly orphanFolder?: string },
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawnSupervised(command, args, { ...options, orphanSignal: 'KILL' });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code) => resolve({ code, output }));
  });
}
