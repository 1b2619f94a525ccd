import { buildSync } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { findRoot } from '@platform/tools/workspace/find-root';
import type { DeadSettings } from './find-dead-settings';

/*
 * Builds the estate hundreds of times.
 *
 * @long
 */

const root = findRoot(__dirname);
const workspace = useExampleWorkspace();

function findDeadSettings(): DeadSettings {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, 'find-dead-settings.ts')],
    absWorkingDir: root,
    tsconfig: join(root, 'tsconfig.base.json'),
    bundle: true,
    packages: 'external',
    alias: { '@platform': root },
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    write: false,
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-'], {
    cwd: workspace,
    encoding: 'utf8',
    input: outputFiles[0]!.text,
    maxBuffer: 2 ** 26,
  });
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as DeadSettings;
}

test('every setting changes something that is synthesised, or says what else it is for', () => {
  const { leaves, dead, unusedExcuses } = findDeadSettings();
  expect(leaves).toBeGreaterThan(150);
  expect(dead).toEqual([]);
  expect(unusedExcuses).toEqual([]);
}, 600_000);
