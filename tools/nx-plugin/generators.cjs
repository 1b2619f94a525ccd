const { generators } = require('./generators.json');
const loadTypeScript = require('./load-typescript.cjs');

/** Every generator of `generators.json`, loaded when Nx asks for it. */
for (const name of Object.keys(generators)) {
  Object.defineProperty(exports, name, { get: () => loadTypeScript('./generate.ts').generatorOf(name) });
}
