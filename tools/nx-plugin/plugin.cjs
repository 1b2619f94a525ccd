module.exports = require('./load-typescript.cjs')('./plugin.ts');
