import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { FolderInUse, folderOfRun, withFolder } from './folder-lock';

const folder = mkdtempSync(join(tmpdir(), 'lock-'));
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

describe('a folder of one run', () => {
  const parent = join(folder, 'runs');
  const left = (name: string, holder: object) => {
    mkdirSync(join(parent, name), { recursive: true });
    writeFileSync(join(parent, name, 'in-use.json'), JSON.stringify({ began: '1', user: 'x', ...holder }));
  };

  test('is another one for each, and what killed runs have left goes', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    left('.run-dead', { pid, host: hostname() });
    left('.run-elsewhere', { pid, host: 'another machine' });
    mkdirSync(join(parent, 'region-us-vpc'));
    const mine = folderOfRun(parent);
    const second = folderOfRun(parent);
    const stays = ['.run-elsewhere', mine, second, 'region-us-vpc'].map((name) => basename(name));
    expect(readdirSync(parent).sort()).toEqual(stays.sort());
  });
});
