import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { FolderInUse, folderOfRun, withFolder } from './folder-lock';

const folder = mkdtempSync(join(tmpdir(), 'folder lock-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a folder', () => {
  const place = join(folder, 'work');

  test('has one run at a time', async () => {
    const seen: string[] = [];
    const run = (name: string) =>
      withFolder(place, { waitSec: 30 }, async () => {
        seen.push(`${name} in`);
        await new Promise((resolve) => setTimeout(resolve, 20));
        seen.push(`${name} out`);
      });
    await Promise.all([run('a'), run('b'), run('c')]);
    for (let index = 0; index < seen.length; index += 2) {
      expect(seen[index + 1]).toBe(seen[index]!.replace('in', 'out'));
    }
  });

  test('is refused after the wait, with the name of who has it', async () => {
    await withFolder(place, { waitSec: 1 }, async () => {
      const second = withFolder(place, { waitSec: 0 }, async () => {});
      await expect(second).rejects.toThrow(FolderInUse);
      await expect(withFolder(place, { waitSec: 0 }, async () => {})).rejects.toThrow(`process ${process.pid} of `);
    });
  });

  test('is taken over from a run that has died', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(place, 'in-use.json'), JSON.stringify({ pid, began: '1', host: hostname(), user: 'x' }));
    await expect(withFolder(place, { waitSec: 0 }, async () => 'taken')).resolves.toBe('taken');
    expect(existsSync(join(place, 'in-use.json'))).toBe(false);
  });

  test('is taken over from a run whose process id another program has by now', async () => {
    writeFileSync(
      join(place, 'in-use.json'),
      JSON.stringify({ pid: process.pid, began: '1', host: hostname(), user: 'x' }),
    );
    await expect(withFolder(place, { waitSec: 0 }, async () => 'taken')).resolves.toBe('taken');
  });
});

describe('a folder in use on another machine', () => {
  const place = join(folder, 'shared');
  const lock = join(place, 'in-use.json');
  const another = { pid: 1, began: '1', host: 'another-machine', user: 'x' };
  /** @param silentSec time since the other machine wrote the lock */
  const held = (holder: object, silentSec: number) => {
    mkdirSync(place, { recursive: true });
    writeFileSync(lock, JSON.stringify(holder));
    const at = Date.now() / 1000 - silentSec;
    utimesSync(lock, at, at);
  };

  test('is taken over once that machine has shown no sign of life for two minutes', async () => {
    held(another, 130);
    await expect(withFolder(place, { waitSec: 0 }, async () => 'taken')).resolves.toBe('taken');
    expect(existsSync(lock)).toBe(false);
  });

  test('is refused before, with the command that releases it', async () => {
    held(another, 60);
    const refused = await withFolder(place, { waitSec: 0 }, async () => 'taken').catch((error: Error) => error.message);
    const command = /rm \S.*$/.exec(refused as string)![0];
    execFileSync('/bin/sh', ['-c', command]);
    await expect(withFolder(place, { waitSec: 0 }, async () => 'taken')).resolves.toBe('taken');
  });

  test('may be of a container with the hostname of this machine, whose processes cannot be seen', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    held({ ...another, pid, host: hostname(), namespace: 'pid:[1]' }, 0);
    await expect(withFolder(place, { waitSec: 0 }, async () => 'taken')).rejects.toThrow(FolderInUse);
  });

  test('stays in use while its holder works, and is not released by one who has lost it', async () => {
    rmSync(lock);
    await withFolder(place, { waitSec: 0 }, async () => {
      held(another, 0);
    });
    expect(existsSync(lock)).toBe(true);
  });
});

describe('a folder of one run', () => {
  const parent = join(folder, 'runs');
  const left = (name: string, holder: object, ageSec = 0) => {
    mkdirSync(join(parent, name), { recursive: true });
    const lock = join(parent, name, 'in-use.json');
    writeFileSync(lock, JSON.stringify({ began: '1', user: 'x', ...holder }));
    const at = Date.now() / 1000 - ageSec;
    utimesSync(lock, at, at);
  };

  test('is another one for each, and what killed runs have left goes', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    left('.run-dead', { pid, host: hostname() });
    left('.run-elsewhere', { pid, host: 'another machine' });
    left('.run-yesterday', { pid, host: 'another machine' }, 25 * 3600);
    mkdirSync(join(parent, 'region-us-vpc'));
    const mine = folderOfRun(parent);
    const second = folderOfRun(parent);
    const stays = ['.run-elsewhere', mine, second, 'region-us-vpc'].map((name) => basename(name));
    expect(readdirSync(parent).sort()).toEqual(stays.sort());
  });
});
