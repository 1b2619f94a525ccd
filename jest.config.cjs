const { projectsIn } = require('./jest.preset.cjs');

/** All projects at once, for editors and for `npx jest <path>`; Nx runs each project by its own configuration. */
module.exports = {
  projects: projectsIn(__dirname, true).map((folder) => require(`./${folder}/jest.config.cjs`)),
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.nx/', '/cdktf\\.out/'],
};
