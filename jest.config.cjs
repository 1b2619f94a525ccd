/** All projects at once, for editors and for `npx jest <path>`; Nx runs each project by its own configuration. */
module.exports = {
  projects: ['<rootDir>/{global,region-*,shared,libs,tools,e2e}/**/jest.config.cjs'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.nx/', '/cdktf\\.out/'],
};
