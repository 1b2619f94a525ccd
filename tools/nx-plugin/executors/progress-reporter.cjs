const { relative } = require('node:path');

/** A line per test file on stderr while a batch runs; the results come with the tasks. */
module.exports = class ProgressReporter {
  onTestFileResult({ path }, { numFailingTests, testExecError, perfStats }, { numTotalTestSuites }) {
    this.done = (this.done ?? 0) + 1;
    const outcome = numFailingTests > 0 || testExecError ? ' failed' : '';
    const seconds = ((perfStats.end - perfStats.start) / 1000).toFixed(1);
    process.stderr.write(
      `[${this.done}/${numTotalTestSuites}] ${relative(process.cwd(), path)}${outcome} (${seconds} s)\n`,
    );
  }
};
