import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnSupervised } from './spawn-supervised';

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

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  while (!text.includes('\n')) text += String((await once(stream, 'data'))[0]);
  return text.trim();
}

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
    expect(await once(child, 'close')).toEqual([7]);
  });

  it('gets signals itself', async () => {
    const child = spawnSupervised('sh', [
      '-c',
      'trap "echo told; exit 3" INT; echo ready; while :; do sleep 0.05; done',
    ]);
    expect(await firstLine(child.stdout)).toBe('ready');
    process.kill(await child.pid, 'SIGINT');
    expect(await firstLine(child.stdout)).toBe('told');
    expect(await once(child, 'close')).toEqual([3]);
  });

  it('takes what it started with it when it dies', async () => {
    const child = spawnSupervised('sh', ['-c', 'sleep 600 >/dev/null 2>&1 & echo $!; wait']);
    const grandchild = Number(await firstLine(child.stdout));
    process.kill(await child.pid, 'SIGKILL');
    expect(await once(child, 'close')).toEqual([137]);
    expect(child.exitCode).toBe(137);
    expect(await gone(grandchild)).toBe(true);
  });

  it('is stopped with all that it started by a signal to its group', async () => {
    const child = spawnSupervised('sh', ['-c', 'sleep 600 & echo $!; wait']);
    const grandchild = Number(await firstLine(child.stdout));
    child.signalGroup('SIGTERM');
    expect(await once(child, 'exit')).toEqual([143]);
    expect(await gone(grandchild)).toBe(true);
  });

  it('is no descendant of who started it: what kills that one with its tree must not end it', async () => {
    const child = spawnSupervised('sh', ['-c', 'sleep 600 & echo $!; wait']);
    const grandchild = Number(await firstLine(child.stdout));
    const parents = new Map(
      execFileSync('ps', ['-e', '-o', 'pid=,ppid='], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map((row) => row.trim().split(/\s+/).map(Number) as [number, number]),
    );
    const above = (pid: number): number[] => (parents.has(pid) ? [pid, ...above(parents.get(pid)!)] : []);
    expect(above(grandchild)).toContain(await child.pid);
    expect(above(grandchild)).not.toContain(process.pid);
    child.signalGroup('SIGKILL');
    expect(await once(child, 'close')).toEqual([137]);
    expect(await gone(grandchild)).toBe(true);
  });

  it('is over when the shell that waits for it is killed', async () => {
    const child = spawnSupervised('sh', ['-c', 'echo $PPID; exec sleep 600']);
    process.kill(Number(await firstLine(child.stdout)), 'SIGKILL');
    expect(await once(child, 'close')).toEqual([137]);
    expect(await gone(await child.pid)).toBe(true);
  });

  it('shows a program that does not exist as exit code 127', async () => {
    const child = spawnSupervised('/does/not/exist', []);
    expect(await firstLine(child.stderr)).toContain('/does/not/exist');
    expect(await once(child, 'close')).toEqual([127]);
  });

  it('lets its parent end, and ends then, where that does not wait for it', async () => {
    const script = join(folder, 'parent.ts');
    writeFileSync(
      script,
      `import { spawnSupervised } from ${JSON.stringify(join(__dirname, 'spawn-supervised'))};
       const child = spawnSupervised('sleep', ['600']);
       child.unref();
       for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref(): void }).unref();
       void child.pid.then((pid) => console.log(pid));
       setTimeout(() => {}, 500);`,
    );
    const parent = spawn(process.execPath, ['--import', 'tsx', script], {
      cwd: process.cwd(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = Number(await firstLine(parent.stdout));
    await once(parent, 'exit');
    expect(await gone(pid)).toBe(true);
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
      `import { spawnSupervised } from ${JSON.stringify(join(__dirname, 'spawn-supervised'))};
       const child = spawnSupervised('sh', ['-c', ${JSON.stringify(program)}]);
       child.stdout.once('data', () => {
         child.signalGroup('SIGINT');
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
