const config = require('../../jest.preset.cjs')(__dirname);

// Many minutes of applying and destroying: only where `npm test -- --lifecycles` asks for it.
module.exports = process.env.PLATFORM_LIFECYCLES === 'on' ? config : { ...config, testPathIgnorePatterns: ['.'] };
