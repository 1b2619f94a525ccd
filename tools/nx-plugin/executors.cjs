const { executors } = require('./executors.json');
const loadTypeScript = require('./load-typescript.cjs');

/** `<name>` and `<name>Batch` of every executor in `executors.json`, each loaded when Nx asks for it. */
for (const name of Object.keys(executors)) {
  const implementation = () => loadTypeScript(`./executors/${name}.ts`);
  Object.defineProperty(exports, name, { get: () => implementation().one });
  Object.defineProperty(exports, `${name}Batch`, { get: () => implementation().batch });
}
