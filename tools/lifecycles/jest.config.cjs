const config = require('../../jest.preset.cjs')(__dirname);

// Many minutes of applying and destroying: only where `npm test -- --lifecycles` asks for it.
const long = process.env.PLATFORM_LIFECYCLES === 'on' ? [] : ['/lifecycles\\.test\\.ts$'];
module.exports = { ...config, testPathIgnorePatterns: [...config.testPathIgnorePatterns, ...long] };
