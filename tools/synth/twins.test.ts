import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AdoptionLevel } from '@platform/libs/settings/adoption';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { SynthesisedStack } from '@platform/libs/testing/synthesised-stack';
import { findRegionKeys, findStackFolders } from '@platform/tools/workspace/stack-folders';
import { loadEstate, type LoadedEstate } from './load-estate';
import { synthesise } from './synth';

const root = resolve(__dirname, '../..');

test('every region has the same projects', () => {
  const projectsOf = (key: string) =>
    findStackFolders(root)
      .filter((folder) => folder.startsWith(`region-${key}/`))
      .map((folder) => folder.slice(`region-${key}/`.length));
  const [first, ...others] = findRegionKeys(root);
  for (const other of others) expect(projectsOf(other)).toEqual(projectsOf(first!));
});

/** What one region may have and its twin not, by project below `region-<key>`. */
const exceptions = {
  // Below `local-reads` a region that does not write has one instance, which is enough to be promoted.
  standby: { aurora: ['aws_rds_cluster_instance.Database_InstanceB_A92267F9'] },
  inspected: {},
} satisfies Partial<Record<AdoptionLevel, Record<string, string[]>>>;

describe('projects of the same name in different regions', () => {
  let outdir: string;
  let estate: LoadedEstate;
  beforeAll(() => (estate = loadEstate(root)));
  beforeEach(() => (outdir = mkdtempSync(join(tmpdir(), 'twins-'))));
  afterEach(() => rmSync(outdir, { recursive: true }));

  test.each(Object.entries(exceptions))('have equal resource addresses at level %s', (level, excused) => {
    const { stacks } = synthesise({ root, estate, outdir, whatIf: { level: level as AdoptionLevel } });
    const twins = new Map<string, string[]>();
    for (const { stack, project, region } of stacks) {
      const [folder, ...rest] = project.split('/');
      if (folder === `region-${region}`) twins.set(rest.join('/'), [...(twins.get(rest.join('/')) ?? []), stack]);
    }
    const read = (stack: string) =>
      new SynthesisedStack(JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')));
    expect(twins.size).toBeGreaterThan(0);
    for (const [name, [first, ...others]] of twins) {
      const allowed: readonly string[] = (excused as Record<string, string[]>)[name] ?? [];
      for (const other of others) expectTwins(read(first!), read(other), allowed);
    }
  });
});
