import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planLevelSteps, type LevelStep } from '@platform/e2e/estate/level-plans';
import { testLevelSteps } from '@platform/e2e/estate/level-step-tests';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';

/*
 * The steps between levels in active-active, planned as `e2e/estate/level-plans.test.ts` plans those in active-passive. There
 * active-active is only compared, in every run, and a comparison does not see what the provider replaces.
 *
 * @long
 */

const dist = mkdtempSync(join(tmpdir(), 'level plans-'));
afterAll(() => rmSync(dist, { recursive: true, force: true }));
jest.setTimeout(1_200_000);

let steps: LevelStep[];
const workspace = useExampleWorkspace();
beforeAll(async () => (steps = await planLevelSteps(workspace, dist, 'active-active')));

testLevelSteps(() => steps);
