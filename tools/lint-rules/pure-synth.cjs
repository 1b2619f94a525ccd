const messages = {
  clock: '{{name}} differs between runs, but equal settings must give equal bytes; add a setting for the value',
  environment: 'process.env makes the output depend on the caller; read a setting instead',
  machine: '"{{name}}" makes the output depend on the machine; read a setting instead',
};

/** Modules about this machine, this process or the time. */
const ofTheMachine = /^(node:)?(os|process|perf_hooks)$/;

/** Selects members of a global, also where it is reached through the global object. */
const memberOf = (name, property) =>
  [`[object.name="${name}"]`, `[object.object.name=/^global(This)?$/][object.property.name="${name}"]`]
    .flatMap((object) =>
      ['property.name', 'property.value'].map((key) => `MemberExpression${object}[${key}=${property}]`),
    )
    .join(', ');

/**
 * Synthesised output must not depend on the clock, random numbers, the machine or the environment: two synths of one
 * commit are equal byte by byte. The cache, the plan record and the deploy depend on it.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
module.exports = {
  meta: {
    type: 'problem',
    docs: { description: 'no clock, random numbers, machine or environment variables in synthesised output' },
    messages,
    schema: [],
  },
  create(context) {
    const clock = (node, name) => context.report({ node, messageId: 'clock', data: { name } });
    const environment = (node) => context.report({ node, messageId: 'environment' });
    const module = (node, source) => {
      const name = source?.value;
      if (ofTheMachine.test(name)) context.report({ node, messageId: 'machine', data: { name } });
    };
    return {
      'NewExpression[callee.name="Date"][arguments.length=0]': (node) => clock(node, 'new Date()'),
      'CallExpression[callee.name="Date"]': (node) => clock(node, 'Date()'),
      [memberOf('Date', '"now"')]: (node) => clock(node, 'Date.now'),
      [memberOf('performance', '/^/')]: (node) => clock(node, 'performance'),
      [memberOf('process', '/^(hrtime|uptime)$/')]: (node) => clock(node, 'the time of the process'),
      [memberOf('Math', '"random"')]: (node) => clock(node, 'Math.random'),
      'Identifier[name=/^random(UUID|Bytes|Int)$/]': (node) => clock(node, node.name),
      [memberOf('process', '"env"')]: environment,
      ':matches([init.name="process"], [init.property.name="process"]) > ObjectPattern > Property[key.name="env"]':
        environment,
      ImportDeclaration: (node) => module(node, node.source),
      ExportNamedDeclaration: (node) => module(node, node.source),
      ImportExpression: (node) => module(node, node.source),
      'CallExpression[callee.name="require"]': (node) => module(node, node.arguments[0]),
    };
  },
};
