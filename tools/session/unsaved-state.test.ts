import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LiveFolders, livePurposes } from './live-folders';
import {
  foldersWithUnsavedState,
  refuseUnsavedStates,
  stacksWithUnsavedState,
  unsavedStateFile,
} from './unsaved-state';

const root = mkdtempSync(join(tmpdir(), 'unsaved state-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test.each(livePurposes)(
  'a state that a command could not write is found in the folder of its purpose: %s',
  (purpose) => {
    const folder = join(root, purpose);
    const folders = new LiveFolders({ folder } as unknown as ConstructorParameters<typeof LiveFolders>[0]);
    const session = { folders };
    expect(stacksWithUnsavedState(session)).toEqual([]);
    mkdirSync(folders.of('region-us-vpc', purpose), { recursive: true });
    mkdirSync(folders.of('region-us-other', purpose), { recursive: true });
    expect(() => refuseUnsavedStates(session, 'region-us-vpc')).not.toThrow();
    writeFileSync(join(folders.of('region-us-vpc', purpose), unsavedStateFile), '{}');
    expect(foldersWithUnsavedState(session, 'region-us-vpc')).toEqual([folders.of('region-us-vpc', purpose)]);
    expect(stacksWithUnsavedState(session)).toEqual(['region-us-vpc']);
    expect(() => refuseUnsavedStates(session, 'region-us-vpc')).toThrow(folders.of('region-us-vpc', purpose));
  },
);
