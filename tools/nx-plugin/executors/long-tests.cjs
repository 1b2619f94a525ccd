const { readFileSync } = require('node:fs');

/** Paths of the long test files that {@link module.exports} left out in this process. */
const left = new Set();

/** Whether a test file says in a comment that it belongs to `npm test -- --all` only. */
const isLong = (path) => / @long$/m.test(readFileSync(path, 'utf8'));

/** Jest's `filter`: leaves out the long test files. */
module.exports = async (paths) => {
  for (const path of paths.filter(isLong)) left.add(path);
  return { filtered: paths.filter((path) => !left.has(path)) };
};
module.exports.isLong = isLong;
module.exports.left = left;
