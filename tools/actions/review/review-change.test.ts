import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { synthesise, type EstateManifest } from '@platform/tools/actions/synth/synth';
import type { StackChange, StackOutcome } from '@platform/tools/model/change';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { reviewChange } from './review-change';

const root = useExampleWorkspace();
const loaded = loadEstate(root);
const outdir = mkdtempSync(join(tmpdir(), 'review-change-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));
jest.setTimeout(60_000);

let manifest: EstateManifest;
beforeAll(() => {
  manifest = synthesise({ root, estate: loaded, environment: 'prod', outdir });
  mkdirSync(join(root, 'evidence', 'prod'), { recursive: true });
  writeFileSync(
    join(root, 'evidence', 'prod', 'evacuation.json'),
    JSON.stringify({
      format: 1,
      path: 'apiReads',
      loss: 'region',
      rtoSec: 90,
      measuredAt: '2026-01-01',
      how: 'game day',
    }),
  );
});

const planned: StackOutcome = { status: 'planned', plan: {}, planFile: '', assumed: [], warnings: [], cached: false };

/** What the review says of rehearsals after a change of one stack. */
function noted(changed: string, today: string, hasBase = true): string[] {
  const stacks = manifest.stacks.map((description): StackChange => {
    const folder = join(outdir, 'stacks', description.stack);
    return {
      ...description,
      environment: 'prod',
      accountId: '222222222222',
      presence: 'both',
      description,
      baseFolder: folder,
      headFolder: folder,
      reasons: [],
      outcome: description.stack === changed ? planned : { status: 'unchanged' },
    };
  });
  const { level, mode } = manifest;
  const { findings } = reviewChange({
    root,
    settings: loaded,
    change: { environment: 'prod', level, mode, base: {}, head: {}, source: 'preview', stacks },
    target: 'preview',
    hasBase,
    undeclared: [],
    today,
  });
  return findings.filter(({ rule }) => rule === 'rehearsal-old').map(({ level: of, what }) => `${of}: ${what}`);
}

test('notes the old rehearsal of a path that the change affects, and the paths that were never rehearsed', () => {
  expect(noted('region-us-alb-asg-app', '2026-11-30')).toEqual(
    expect.arrayContaining([
      'note: apiReads: its newest rehearsal is of 2026-01-01, 333 days ago; 180 are allowed',
      expect.stringMatching(/^note: .*apiWrites.*: no loss was rehearsed yet$/),
    ]),
  );
  expect(noted('region-us-alb-asg-app', '2026-02-01').filter((what) => what.includes('apiReads'))).toEqual([]);
});

test('notes no rehearsal of a change that no path depends on, nor before the first deploy', () => {
  expect(noted('global-guardrails', '2026-11-30')).toEqual([]);
  expect(noted('region-us-alb-asg-app', '2026-11-30', false)).toEqual([]);
});
