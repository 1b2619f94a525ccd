import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many checks passed and failed. A test and a planned stack are one each; lint and types of a project count when they fail. */
export interface CheckCount {
  readonly passed: number;
  readonly failed: number;
  /** Tests that need what cannot be had here. Default: none. */
  readonly skipped?: number;
  /** Test files that only `npm test -- --all` runs. Default: none. */
  readonly leftFiles?: number;
}

/** Sums up the files that tasks left in `<folder>/<target>/<project>.json`; a task that came from the cache left one too. */
export function countChecks(folder: string): Required<CheckCount> {
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  let leftFiles = 0;
  if (!existsSync(folder)) return { passed, failed, skipped, leftFiles };
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!entry.endsWith('.json')) continue;
    const count = JSON.parse(readFileSync(join(folder, entry), 'utf8')) as CheckCount;
    passed += count.passed;
    failed += count.failed;
    skipped += count.skipped ?? 0;
    leftFiles += count.leftFiles ?? 0;
  }
  return { passed, failed, skipped, leftFiles };
}
