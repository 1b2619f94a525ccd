import { WrongUse } from '@platform/libs/settings/problem';
import { runChecks } from '@platform/tools/actions/test/run-checks';
import { findRoot } from '@platform/tools/workspace/find-root';
import { print, talk } from './output';

export interface TestOptions {
  readonly scan?: boolean;
  readonly all?: boolean;
}

/** Option that `--all` replaced. Nx would take it without an error, and run no more tests. */
const formerOption = '--lifecycles';

/** Runs all checks and prints how many passed; 1 when one failed or none ran. */
export async function testCommand(nxArguments: readonly string[], options: TestOptions): Promise<number> {
  if (nxArguments.includes(formerOption)) {
    throw new WrongUse(`${formerOption}: is the former name of --all; write npm test -- --all`);
  }
  const { passed, failed, skipped, leftFiles } = await runChecks({
    root: findRoot(),
    ...options,
    nxArguments,
    note: talk,
  });
  if (leftFiles > 0) talk(`\n${leftFiles} test files that take long were not run; to run them too: npm test -- --all`);
  print(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
