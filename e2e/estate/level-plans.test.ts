import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { findRoot } from '@platform/tools/workspace/find-root';
import { compareLevelSteps, planLevelSteps, type LevelChange, type LevelStep } from './level-plans';
import { levelReport } from './level-report';
import { testLevelSteps } from './level-step-tests';

/*
 * Plans a hundred stacks: at the end of a run it would be alone.
 *
 * @long
 */
const workspace = useExampleWorkspace();
const page = join(findRoot(__dirname), 'docs', 'levels.md');
const dist = mkdtempSync(join(tmpdir(), 'level plans-'));
afterAll(() => rmSync(dist, { recursive: true, force: true }));
jest.setTimeout(600_000);

let steps: LevelStep[];
beforeAll(async () => (steps = await planLevelSteps(workspace, join(dist, 'planned'), 'active-passive')));

/** What happens to a resource, as a comparison can see it: with the arguments that move, for they decide whether it is replaced. */
const seen = ({ stack, address, action, arguments: moved }: LevelChange) =>
  `${stack} ${address} ${action === 'replace' ? 'update' : action} ${[...moved].sort().join()}`;

testLevelSteps(() => steps);

test('in active-active nothing else changes or goes, and nothing moves another argument', () => {
  const also = compareLevelSteps(workspace, join(dist, 'compared'), 'active-active');
  for (const [index, { from, to, changes }] of also.entries()) {
    const known = steps[index]!.changes.map(seen);
    const others = changes.filter(({ action }) => action !== 'create').map(seen);
    expect([from, to, others.filter((change) => !known.includes(change))]).toEqual([from, to, []]);
  }
});

test('docs/levels.md says what is planned', () => {
  const report = levelReport(steps, 'prod');
  if (process.env['WRITE_LEVELS']) writeFileSync(page, report);
  expect(existsSync(page) ? readFileSync(page, 'utf8') : '').toBe(report);
});
