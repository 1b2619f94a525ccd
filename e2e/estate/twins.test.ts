import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { adoptionLevels, modes } from '@platform/libs/settings/adoption';
import type { RegionSettings } from '@platform/libs/settings/region';
import { parityOfEstate } from '@platform/tools/actions/review/parity-of-estate';
import { findStackFolders } from '@platform/tools/workspace/stack-folders';
import { loadEstate } from '@platform/tools/workspace/load-estate';

const root = resolve(__dirname, '../..');
const { regions } = loadEstate(root);

test('every region has the same folders, but for the differences that its settings declare', () => {
  const foldersOf = ({ key, differences = {} }: RegionSettings) => {
    const prefix = `region-${key}/`;
    const stacks = findStackFolders(root).filter((folder) => folder.startsWith(prefix));
    const named = (here: string) => Object.keys(differences).filter((name) => differences[name]!.here === here);
    const shared = stacks.map((folder) => folder.slice(prefix.length)).filter((name) => !named('added').includes(name));
    return [...shared, ...named('omitted')].sort();
  };
  const [first, ...others] = regions;
  for (const other of others) expect(foldersOf(other)).toEqual(foldersOf(first!));
});

const combinations = modes.flatMap((mode) => adoptionLevels.map((level) => ({ level, mode })));

describe('projects of the same name in different regions', () => {
  const estate = loadEstate(root);
  let outdir: string;
  beforeEach(() => (outdir = mkdtempSync(join(tmpdir(), 'twins-'))));
  afterEach(() => rmSync(outdir, { recursive: true }));

  test.each(combinations)('differ in what is declared and in their region only, at $level, $mode', (whatIf) => {
    expect(parityOfEstate({ root, estate, outdir, whatIf })).toEqual([]);
    expect(readdirSync(join(outdir, 'stacks')).length).toBeGreaterThan(0);
  });
});
