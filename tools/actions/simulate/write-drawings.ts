import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TrafficControlSettings } from '@platform/libs/settings/traffic-control';
import { trafficControlSchema } from '@platform/libs/settings/traffic-control';
import { fill } from '@platform/libs/settings/effective';
import { drawRun } from './draw-run';
import { scenarios } from './scenarios';
import { simulateRun } from './simulate';

/** Settings with the defaults of the schema, in mode `enforce`: in another mode nothing moves. */
export function defaultSettings(): TrafficControlSettings {
  const defaults = fill(trafficControlSchema, {}, 'production') as TrafficControlSettings;
  return { ...defaults, mode: 'enforce' };
}

/** One run of each scenario as SVG, by file name. The first seed whose run shows the scenario without an interruption. */
export function drawings(settings: TrafficControlSettings): Map<string, string> {
  return new Map(
    scenarios.map((scenario) => {
      let seed = 1;
      while (simulateRun(scenario, seed, settings).minutes.some(({ held }) => held)) seed++;
      return [`${scenario.name}.svg`, drawRun(scenario, simulateRun(scenario, seed, settings))];
    }),
  );
}

/** Writes {@link drawings} into a folder, which it makes. */
export function writeDrawings(folder: string, settings: TrafficControlSettings): string[] {
  mkdirSync(folder, { recursive: true });
  return [...drawings(settings)].map(([name, svg]) => {
    const path = join(folder, name);
    writeFileSync(path, svg);
    return path;
  });
}
