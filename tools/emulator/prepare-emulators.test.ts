import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRoot } from '@platform/tools/workspace/find-root';
import { needsEmulators, prepareEmulators } from './prepare-emulators';

const root = findRoot(__dirname);

test('projects whose tests start an emulator are known, and others are not', () => {
  expect(needsEmulators(join(root, 'tools/emulator'))).toBe(true);
  expect(needsEmulators(join(root, 'e2e/state'))).toBe(true);
  expect(needsEmulators(join(root, 'tools/actions/owners'))).toBe(false);
  expect(needsEmulators(join(root, 'libs/vpc'))).toBe(false);
});

test('nothing is installed for projects that need no emulator', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'prepare-'));
  try {
    mkdirSync(join(elsewhere, 'tools/emulator'), { recursive: true });
    writeFileSync(join(elsewhere, 'tools/emulator/requirements.txt'), 'there is no such package==1\n');
    mkdirSync(join(elsewhere, 'libs/vpc'), { recursive: true });
    // An install would fail here, and say so.
    const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    await prepareEmulators(elsewhere, ['libs/vpc']);
    expect(said).not.toHaveBeenCalled();
    said.mockRestore();
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
});
