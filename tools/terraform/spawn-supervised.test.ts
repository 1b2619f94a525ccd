import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { signalGroup, spawnSupervised } from './spawn-supervised';

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const gone = async (pid: number) => {
  for (let waited = 0; waited < 400 && alive(pid); waited++) await delay(50);
  return !alive(pid);
};

const firstLine = async (stream: NodeJS.ReadableStream) => String((await once(stream, 'data'))[0]).trim();

describe('a supervised program', () => {
  // Some tests start a Node process that compiles TypeScript: seconds on a machine that has other work.
  jest.setTimeout(180_000);
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'supervised-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('keeps its arguments, environment, folder and exit code', async () => {
    const child = spawnSupervised('sh', ['-c', 'echo "$1|$WORD|$(pwd)"; exit 7', 'sh', 'two words'], {
      cwd: folder,
      env: { PATH: process.env['PATH'], WORD: 'x' },
    });
    expect(await firstLine(child.stdout)).toMatch(/^two words\|x\|.*supervised-/);
    expect(await once(child, 'close')).toEqual([7, null]);
  });

  it('gets signals itself', async () => {
    const child = spawnSupervised('sh', [
      '-c',
      'trap "echo told; exit 3" INT; echo ready; while :; do sleep 0.05; done',
    ]);
    expect(await firstLine(child.stdout)).toBe('ready');
    child.kill('SIGINT');
    expect(await firstLine(child.stdout)).toBe('told');
    expect(await once(child, 'close')).toEqual([3, null]);
  });

  it('takes what it started with it when it dies', async () => {
    const child = spawnSupervised('sh', ['-c', 'sleep 600 >/dev/null 2>&1 & echo $!; wait']);
    const grandchild = Number(await firstLine(child.stdout));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await gone(grandchild)).toBe(true);
  });

  it('is stopped with all that it started by a signal to its group', async () => {
    const child = spawnSupervised('sh', ['-c', 'sleep 600 & echo $!; wait']);
    const grandchild = Number(await firstLine(child.stdout));
    signalGroup(child, 'SIGTERM');
    await once(child, 'exit');
    expect(await gone(grandchild)).toBe(true);
  });

  it('does not outlive a parent that was killed, is asked to leave first, and leaves no folder', async () => {
    const script = join(folder, 'parent.ts');
    const hidden = join(folder, 'private');
    const program = `trap "echo told > ${folder}/told; exit" INT; mkdir -p ${hidden}; echo $$; while :; do sleep 0.05; done`;
    writeFileSync(
      script,
      `import { spawnSupervised } from ${JSON.stringify(join(__dirname, 'spawn-supervised'))};
       spawnSupervised('sh', ['-c', ${JSON.stringify(program)}], { orphanFolder: ${JSON.stringify(hidden)} }).stdout.pipe(process.stdout);`,
    );
    const parent = spawn(process.execPath, ['--import', 'tsx', script], {
      cwd: process.cwd(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(await firstLine(parent.stdout));
    expect(alive(pid)).toBe(true);
    parent.kill('SIGKILL');
    expect(await gone(pid)).toBe(true);
    expect(existsSync(join(folder, 'told'))).toBe(true);
    for (let waited = 0; waited < 400 && existsSync(hidden); waited++) await delay(50);
    expect(existsSync(hidden)).toBe(false);
  });

  it('is killed after the grace time when it does not listen', async () => {
    const script = join(folder, 'parent.ts');
    writeFileSync(
      script,
      `import { spawnSupervised } from ${JSON.stringify(join(__dirname, 'spawn-supervised'))};
       spawnSupervised('sh', ['-c', 'trap "" INT; echo $$; while :; do sleep 0.05; done'], { orphanGraceSec: 1 }).stdout.pipe(process.stdout);`,
    );
    const parent = spawn(process.execPath, ['--import', 'tsx', script], {
      cwd: process.cwd(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(await firstLine(parent.stdout));
    parent.kill('SIGKILL');
    expect(await gone(pid)).toBe(true);
  });

  it('is not told twice when its parent dies after it was told', async () => {
    const script = join(folder, 'parent.ts');
    const program = `trap "echo told >> ${folder}/told" INT; echo ready; for i in 1 2 3 4 5 6 7 8; do sleep 0.2; done; echo done >> ${folder}/told`;
    writeFileSync(
      script,
      `import { signalGroup, spawnSupervised } from ${JSON.stringify(join(__dirname, 'spawn-supervised'))};
       const child = spawnSupervised('sh', ['-c', ${JSON.stringify(program)}]);
       child.stdout.once('data', () => {
         signalGroup(child, 'SIGINT');
         setTimeout(() => process.kill(process.pid, 'SIGKILL'), 300);
       });`,
    );
    const parent = spawn(process.execPath, ['--import', 'tsx', script], { cwd: process.cwd(), stdio: 'inherit' });
    await once(parent, 'exit');
    const told = () => (existsSync(join(folder, 'told')) ? readFileSync(join(folder, 'told'), 'utf8') : '');
    for (let waited = 0; waited < 400 && !told().includes('done'); waited++) await delay(50);
    expect(told()).toBe('told\ndone\n');
  });
});
