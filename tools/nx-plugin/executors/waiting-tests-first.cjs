const { readFileSync } = require('node:fs');
const Sequencer = require('@jest/test-sequencer').default;
const { isLong } = require('./long-tests.cjs');

/**
 * Starts first the files that mostly wait, for Terraform and emulators: those that say `@waits` in a comment, and the long
 * ones. At the end of a run they would leave the processors idle. Within each kind Jest's own order holds.
 */
module.exports = class WaitingTestsFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const waits = (path) => isLong(path) || / @waits$/m.test(readFileSync(path, 'utf8'));
    const first = new Set(sorted.filter(({ path }) => waits(path)));
    return [...first, ...sorted.filter((test) => !first.has(test))];
  }
};
