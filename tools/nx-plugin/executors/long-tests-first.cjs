const { readFileSync } = require('node:fs');
const Sequencer = require('@jest/test-sequencer').default;

/**
 * Files that say `@long` in a comment start before all others: they take minutes, most of them by waiting, and at the end of
 * a run nobody else would use the processors. Within each kind Jest's own order holds.
 */
module.exports = class LongTestsFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const long = new Set(sorted.filter(({ path }) => /^ \* @long$/m.test(readFileSync(path, 'utf8'))));
    return [...long, ...sorted.filter((test) => !long.has(test))];
  }
};
