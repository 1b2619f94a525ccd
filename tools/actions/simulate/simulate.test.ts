import { findRoot } from '@platform/tools/workspace/find-root';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { scenarios } from './scenarios';
import { simulateRun, simulateScenario } from './simulate';
import { defaultSettings, drawings } from './write-drawings';

const settings = defaultSettings();

test.each(scenarios)('$name: the invariants hold in 100 runs', (scenario) => {
  expect(simulateScenario(scenario, settings, { runs: 100, firstSeed: 1 }).broken).toEqual([]);
});

test('equal seeds give equal runs', () => {
  for (const scenario of scenarios)
    expect(simulateRun(scenario, 7, settings)).toEqual(simulateRun(scenario, 7, settings));
});

test('mode monitor makes no move', () => {
  for (const scenario of scenarios) {
    const { moves } = simulateScenario(scenario, { ...settings, mode: 'monitor' }, { runs: 10, firstSeed: 1 });
    expect(moves).toBe(0);
  }
});

test('the pictures in the docs show the present code; npx platform simulate --output docs/traffic-control', () => {
  for (const [name, svg] of drawings(settings)) {
    expect(readFileSync(join(findRoot(__dirname), 'docs/traffic-control', name), 'utf8')).toBe(svg);
  }
});
