const { existsSync } = require('node:fs');
const { join, posix, relative, sep } = require('node:path');

/** Data sources that call no AWS API: a plan with them works offline. */
const offlineDataSources = ['arn', 'iam-policy-document', 'partition', 'region', 'service-principal'];

/** The files that may name regions: all of them, and the one that holds the state of global stacks. */
const regionLists = ['shared/regions.ts', 'global/home.ts'];

/** Stacks of a region that may read other regions, because no failover waits for them: see the decision on imports. */
const crossRegionReaders = /^region-[^/]+\/(cloudfront|traffic-control)\//;

/** Folders of tools; each may import those after it (docs/decisions/layout-of-tools.md). */
const toolOrder = [
  'nx-plugin',
  'cli',
  'actions',
  'session',
  'emulator',
  'aws',
  'python',
  'terraform',
  'model',
  'workspace',
];

const messages = {
  barrel:
    '"{{name}}" loads every resource of the provider (3 s, 575 MB); import the one you need, such as @cdktf/provider-aws/lib/vpc',
  dataSource:
    '"{{name}}" calls AWS during a plan, so previews would need credentials; take the value from the settings or a contract',
  stackInsides: '"{{name}}" is inside another stack; import only its contract.ts',
  contract:
    '"{{name}}" would be loaded with the contract by every reader; a contract.ts imports only libs, ../region, ../home and @platform/shared/regions',
  main: '"{{name}}" runs when it is imported; do not import a main.ts',
  foreignRegion:
    '"{{name}}" belongs to another region, and a region must survive alone; in region-* folders import ../region, elsewhere @platform/shared/regions or @platform/global/home',
  otherRegionsState:
    '"{{name}}" makes this region read the state of another, and a region must survive alone; read both in a stack below shared/ or global/',
  libImportsEstate: '"{{name}}" has a state, account or region, and libs must not; pass the value as a prop',
  settings: '"{{name}}" may be imported by main.ts only; pass the environment as a prop',
  e2e: '"{{name}}" is a test fixture; import it in tests and e2e/ only',
  tools: '"{{name}}" is a tool; stacks and libs must not depend on tools: move shared code to libs/',
  toolOrder:
    '"{{name}}" is above this folder in docs/decisions/layout-of-tools.md; move what both need down, or pass it as an argument',
  toolImportsEstate:
    '"{{name}}" is part of the estate; load it with tools/workspace, so that the tool works on any estate',
};

/**
 * Allowed imports, by file; Nx's own boundary rule knows projects only. Also forbids the provider's barrel and data
 * sources that call AWS.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
module.exports = {
  meta: {
    type: 'problem',
    docs: { description: 'allowed imports in this workspace' },
    messages,
    schema: [
      { type: 'object', properties: { root: { type: 'string' } }, required: ['root'], additionalProperties: false },
    ],
  },
  create(context) {
    const { root } = context.options[0];
    const file = posixPath(relative(root, context.filename));
    const check = (node, source) => {
      if (typeof source?.value !== 'string') return;
      const messageId = violation(root, file, source.value);
      if (messageId) context.report({ node: source, messageId, data: { name: source.value } });
    };
    return {
      ImportDeclaration: (node) => check(node, node.source),
      ExportNamedDeclaration: (node) => check(node, node.source),
      ExportAllDeclaration: (node) => check(node, node.source),
      ImportExpression: (node) => check(node, node.source),
      TSImportType: (node) => check(node, node.source ?? node.argument?.literal),
      'CallExpression[callee.name="require"]': (node) => check(node, node.arguments[0]),
    };
  },
};

/** Id of the message that says why `file` may not import `name`; undefined when it may. */
function violation(root, file, name) {
  if (/^@cdktf\/provider-aws(\/lib)?(\/index)?(\.js)?\/?$/.test(name)) return 'barrel';
  const dataSource = /^@cdktf\/provider-aws\/lib\/data-aws-([^/]+)/.exec(name);
  if (dataSource && !offlineDataSources.includes(dataSource[1])) return 'dataSource';

  const target = name.startsWith('@platform/')
    ? name.slice('@platform/'.length)
    : name.startsWith('.')
      ? posix.join(posix.dirname(file), name)
      : undefined;
  const from = areaOf(file);
  const isContract = from === 'estate' && posix.basename(file) === 'contract.ts';
  if (target === undefined || target.startsWith('..')) return isContract ? 'contract' : undefined;

  const to = areaOf(target);
  const isTest = /\.test\.ts$|\/testing\//.test(file);
  if (to === 'tools') {
    if (from === 'libs' || from === 'estate') return 'tools';
    // A session synthesises.
    if (from !== 'tools' || isTest || target === 'tools/actions/synth/synth') return undefined;
    const [own, other] = [file, target].map((path) => toolOrder.indexOf(path.split('/')[1]));
    return other !== -1 && other < own ? 'toolOrder' : undefined;
  }
  if (to === 'e2e') return from === 'e2e' || from === undefined || (from === 'tools' && isTest) ? undefined : 'e2e';
  if (to === 'settings') {
    return from === 'estate' && (isTest || posix.basename(file) === 'main.ts') ? undefined : 'settings';
  }
  if (to !== 'estate') return undefined;
  if (from === 'libs') return 'libImportsEstate';
  if (from === 'tools' || from === 'e2e') return 'toolImportsEstate';
  if (posix.basename(target) === 'main') return 'main';

  const region = /^(region-[^/]+)\/region$/.exec(target)?.[1];
  if (region) {
    return file.startsWith(`${region}/`) || regionLists.includes(file) ? undefined : 'foreignRegion';
  }
  if (regionLists.includes(`${target}.ts`)) return file.startsWith('region-') ? 'foreignRegion' : undefined;
  if (isContract) return 'contract';
  if (posix.basename(target) === 'contract') {
    const [own, other] = [file, target].map((path) => path.split('/')[0]);
    const isOther = own.startsWith('region-') && other.startsWith('region-') && own !== other;
    return isOther && !isTest && !crossRegionReaders.test(file) ? 'otherRegionsState' : undefined;
  }
  return projectFolder(root, file) === projectFolder(root, target) ? undefined : 'stackInsides';
}

function areaOf(path) {
  const [top] = path.split('/');
  if (top === 'libs' || top === 'tools' || top === 'e2e') return top;
  if (top === 'global' || top === 'shared' || top.startsWith('region-')) return 'estate';
  if (path === 'infra.config' || path === 'infra.config.ts') return 'settings';
  return undefined;
}

/** The nearest folder above `path` that holds a `main.ts`, else the top-level folder. */
function projectFolder(root, path) {
  for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
    if (existsSync(join(root, folder, 'main.ts'))) return folder;
  }
  return path.split('/')[0];
}

function posixPath(path) {
  return path.split(sep).join('/');
}
