import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { adoptionLevels, includesLevel } from '@platform/libs/settings/adoption';
import type { WhatIf } from '@platform/libs/settings/environment';
import { modes } from '@platform/libs/settings/organisation';
import { expectTwins } from '@platform/libs/testing/expect-twins';
import { SynthesisedStack } from '@platform/libs/testing/synthesised-stack';
import { findRegionKeys, findStackFolders } from '@platform/tools/workspace/stack-folders';
import { loadEstate, type LoadedEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';

const root = resolve(__dirname, '../..');

test('every region has the same projects', () => {
  const projectsOf = (key: string) =>
    findStackFolders(root)
      .filter((folder) => folder.startsWith(`region-${key}/`))
      .map((folder) => folder.slice(`region-${key}/`.length));
  const [first, ...others] = findRegionKeys(root);
  for (const other of others) expect(projectsOf(other)).toEqual(projectsOf(first!));
});

const combinations = modes.flatMap((mode) => adoptionLevels.map((level) => ({ level, mode })));

/** What one region may have and its twin not, by project below `region-<key>`. */
function excused({ level, mode }: Required<WhatIf>): Readonly<Record<string, readonly string[]>> {
  // A region that only waits has one instance, which is enough to be promoted.
  const waits = mode === 'active-passive' && !includesLevel(level, 'local-reads');
  return waits ? { aurora: ['aws_rds_cluster_instance.Database_InstanceB_A92267F9'] } : {};
}

describe('projects of the same name in different regions', () => {
  let outdir: string;
  let estate: LoadedEstate;
  beforeAll(() => (estate = loadEstate(root)));
  beforeEach(() => (outdir = mkdtempSync(join(tmpdir(), 'twins-'))));
  afterEach(() => rmSync(outdir, { recursive: true }));

  test.each(combinations)('have equal resource addresses at $level, $mode', (whatIf) => {
    const { stacks } = synthesise({ root, estate, outdir, whatIf });
    const twins = new Map<string, string[]>();
    for (const { stack, project, region } of stacks) {
      const [folder, ...rest] = project.split('/');
      if (folder === `region-${region}`) twins.set(rest.join('/'), [...(twins.get(rest.join('/')) ?? []), stack]);
    }
    const read = (stack: string) =>
      new SynthesisedStack(JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')));
    expect(twins.size).toBeGreaterThan(0);
    for (const [name, [first, ...others]] of twins) {
      const allowed = excused(whatIf)[name] ?? [];
      for (const other of others) expectTwins(read(first!), read(other), allowed);
    }
  });
});
