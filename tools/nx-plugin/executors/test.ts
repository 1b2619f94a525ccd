import { runCLI } from 'jest';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { allTests } from '@platform/tools/actions/test/run-checks';
import { prepareEmulators } from '@platform/tools/emulator/prepare-emulators';
import { executor, writeCheckCount } from './batch';

export interface TestOptions {
  readonly testNamePattern?: string;
  readonly updateSnapshot?: boolean;
}

type JestArguments = Parameters<typeof runCLI>[0];

/**
 * One Jest for all projects of the batch, each with its own configuration. A project without tests passes. Test files that
 * say `@long` run only with `npm test -- --all`.
 */
export const { one, batch } = executor<TestOptions>(async ({ root, folderOf }, tasks) => {
  process.env['NODE_ENV'] ??= 'test';
  const require = createRequire(join(root, 'package.json'));
  const projects = tasks.map(({ folder }) => {
    const own = join(root, folder, 'jest.config.cjs');
    return existsSync(own) ? require(own) : require(join(root, 'jest.preset.cjs'))(join(root, folder));
  });
  const { testNamePattern, updateSnapshot } = tasks[0]!.options;
  const longTests = join(__dirname, 'long-tests.cjs');
  const { left } = require(longTests) as { readonly left: ReadonlySet<string> };
  await prepareEmulators(
    root,
    tasks.map(({ folder }) => folder),
  );
  const { results } = await runCLI(
    {
      _: [],
      $0: 'jest',
      config: JSON.stringify({
        projects,
        reporters: [join(__dirname, 'progress-reporter.cjs')],
        testSequencer: join(__dirname, 'waiting-tests-first.cjs'),
      }),
      passWithNoTests: true,
      ...(process.env[allTests] === 'on' ? {} : { filter: longTests }),
      ci: !updateSnapshot,
      // One more than processors: the tests of live commands wait for emulators half of their time.
      maxWorkers: availableParallelism() + 1,
      // cdktf and the provider are loaded anew for every test file, and Jest does not give all of it back.
      workerIdleMemoryLimit: '1GB',
      ...(testNamePattern ? { testNamePattern } : {}),
      ...(updateSnapshot ? { updateSnapshot } : {}),
    } as JestArguments,
    [root],
  );

  return new Map(
    tasks.map(({ id, project, folder }) => {
      const own = results.testResults.filter(({ testFilePath }) => folderOf(testFilePath) === folder);
      const sum = (count: (result: (typeof own)[number]) => number) =>
        own.reduce((total, each) => total + count(each), 0);
      const passed = sum(({ numPassingTests }) => numPassingTests);
      // A file that does not even load has no failing test, yet it fails.
      const failed = sum(({ numFailingTests, testExecError }) => numFailingTests + (testExecError ? 1 : 0));
      // With a pattern, the tests that do not match are no less done than wanted.
      const skipped = testNamePattern ? 0 : sum(({ numPendingTests }) => numPendingTests);
      const long = [...left].filter((path) => folderOf(path) === folder).length;
      writeCheckCount(root, 'test', project, {
        passed,
        failed,
        ...(skipped > 0 ? { skipped } : {}),
        ...(long > 0 ? { leftFiles: long } : {}),
      });
      const output = [
        ...own.map(({ failureMessage }) => failureMessage).filter(Boolean),
        `${project}: ${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} SKIPPED` : ''}`,
        ...(long > 0 ? [`${project}: ${long} test files run only with npm test -- --all`] : []),
      ];
      return [id, { success: failed === 0, output: output.join('\n') }];
    }),
  );
});
