import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { adoptionLevels, modes } from '@platform/libs/settings/adoption';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { SynthesisedStack } from '@platform/libs/testing/synthesised-stack';
import { findStackFolders } from '@platform/tools/workspace/stack-folders';
import { loadEstate, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';

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

/**
 * The estate as if its regions had the same role, number of zones, senders of edge traffic and owners: settings that decide
 * which resources a stack has. Stacks import the settings of their region, so they are changed in place.
 */
function withEqualRegions({ regions, settings, ...estate }: LoadedEstate): LoadedEstate {
  const zones = Math.min(...regions.map((region) => region.zones.length));
  const { accelerator } = regions[0]!.edgeSources;
  for (const region of regions) {
    const edgeSources = { ...region.edgeSources, accelerator };
    Object.assign(region, { role: 'primary', zones: region.zones.slice(0, zones), edgeSources });
  }
  // One team for all folders: another one has other recipients of alarms.
  const owners = Object.fromEntries(Object.keys(settings.owners).map((folder) => [folder, 'platform']));
  return { ...estate, settings: { ...settings, owners }, regions, assertSettings: () => undefined };
}

describe('projects of the same name in different regions', () => {
  const estate = withEqualRegions(loadEstate(root));
  let outdir: string;
  beforeEach(() => (outdir = mkdtempSync(join(tmpdir(), 'twins-'))));
  afterEach(() => rmSync(outdir, { recursive: true }));

  test.each(combinations)('have equal resource addresses at $level, $mode', (whatIf) => {
    const { stacks } = synthesise({ root, estate, outdir, whatIf });
    const twins = new Map<string, StackDescription[]>();
    for (const stack of stacks.filter(({ project, region }) => project.startsWith(`region-${region}/`))) {
      const folder = stack.project.slice(`region-${stack.region}/`.length);
      twins.set(folder, [...(twins.get(folder) ?? []), stack]);
    }
    const read = (stack: string) =>
      new SynthesisedStack(JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')));
    expect(twins.size).toBeGreaterThan(0);
    for (const [first, ...others] of twins.values()) {
      for (const other of others) {
        const declared = { first: first!.differences, second: other.differences };
        expectTwins(read(first!.stack), read(other.stack), declared);
      }
    }
  });
});
