import { resolve, relative } from 'node:path';
import { selectEnvironment } from '@platform/libs/settings/environment';
import { WrongUse } from '@platform/libs/settings/problem';
import { scenarios } from '@platform/tools/actions/simulate/scenarios';
import { simulateScenario, type ScenarioResult } from '@platform/tools/actions/simulate/simulate';
import { defaultSettings, writeDrawings } from '@platform/tools/actions/simulate/write-drawings';
import { findRoot } from '@platform/tools/workspace/find-root';
import { loadCheckedSettings } from '@platform/tools/workspace/load-estate';
import { print, talk } from './output';

export interface SimulateOptions {
  /** Use the settings of this environment instead of the defaults. */
  readonly configuration?: string;
  /** Runs of each scenario; default 1000. */
  readonly runs?: string;
  /** First seed; default 1. */
  readonly seed?: string;
  /** Folder for one picture of each scenario. */
  readonly output?: string;
  readonly json?: boolean;
}

/** Runs traffic control on generated telemetry. 1 if an invariant breaks. */
export function simulateCommand(options: SimulateOptions): number {
  const runs = wholeNumber('--runs', options.runs ?? '1000');
  const firstSeed = wholeNumber('--seed', options.seed ?? '1');
  const settings = options.configuration
    ? {
        ...selectEnvironment(loadCheckedSettings(findRoot()).settings, options.configuration).trafficControl,
        mode: 'enforce' as const,
      }
    : defaultSettings();
  const results = scenarios.map((scenario) => simulateScenario(scenario, settings, { runs, firstSeed }));
  print(options.json ? JSON.stringify(results, null, 2) : formatResults(results));
  for (const { scenario, broken } of results) {
    for (const { seed, what } of broken.slice(0, 3)) {
      talk(`${scenario}, seed ${seed}: ${what}; run npx platform simulate --runs 1 --seed ${seed}`);
    }
  }
  if (options.output !== undefined) {
    for (const path of writeDrawings(resolve(options.output), settings)) talk(`wrote ${relative(process.cwd(), path)}`);
  }
  return results.some(({ broken }) => broken.length > 0) ? 1 : 0;
}

function wholeNumber(option: string, given: string): number {
  const value = Number(given);
  if (Number.isInteger(value) && value >= 1 && value <= 1_000_000) return value;
  throw new WrongUse(`${option}: "${given}" is not a whole number; use 1–1000000`);
}

function formatResults(results: readonly ScenarioResult[]): string {
  const rows = [
    ['scenario', 'runs', 'with moves', 'moves', 'lowest dial', 'broken'],
    ...results.map(({ scenario, runs, runsWithMoves, moves, lowestPercent, broken }) => [
      scenario,
      String(runs),
      String(runsWithMoves),
      String(moves),
      `${lowestPercent} %`,
      String(broken.length),
    ]),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  '),
    )
    .join('\n');
}
