import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countChecks } from './count-checks';

describe('the sum of all checks', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'checks-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('adds up every target and project', () => {
    for (const [target, project, count] of [
      ['test', 'libs-vpc', { passed: 7, failed: 1, skipped: 2 }],
      ['test', 'libs-tgw', { passed: 5, failed: 0, leftFiles: 3 }],
      ['lint', 'libs-vpc', { passed: 0, failed: 1 }],
    ] as const) {
      mkdirSync(join(folder, target), { recursive: true });
      writeFileSync(join(folder, target, `${project}.json`), JSON.stringify(count));
    }
    expect(countChecks(folder)).toEqual({ passed: 12, failed: 2, skipped: 2, leftFiles: 3 });
  });

  it('is nothing where nothing ran', () => {
    expect(countChecks(join(folder, 'absent'))).toEqual({ passed: 0, failed: 0, skipped: 0, leftFiles: 0 });
  });
});
