const config = require('../../jest.preset.cjs')(__dirname);

// Many minutes of applying, destroying and planning: only where `npm test -- --lifecycles` asks for it.
const long = process.env.PLATFORM_LIFECYCLES === 'on' ? [] : ['/(lifecycles|active-active-levels)\\.test\\.ts$'];
module.exports = { ...config, testPathIgnorePatterns: [...config.testPathIgnorePatterns, ...long] };
