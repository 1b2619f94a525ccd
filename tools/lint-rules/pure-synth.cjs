const messages = {
  clock:
    '{{name}} differs from run to run, and the same settings must give the same bytes; pass the value as a setting',
  environment: 'process.env makes the output depend on who runs it; read a setting instead',
  machine: '"{{name}}" makes the output depend on the machine that runs it; read a setting instead',
};

/** Modules that tell of this machine, this process or the time, and of nothing else that synth needs. */
const ofTheMachine = /^(node:)?(os|process|perf_hooks)$/;

/** Selects members of a global, also where it is reached through the global object. */
const memberOf = (name, property) =>
  [`[object.name="${name}"]`, `[object.object.name=/^global(This)?$/][object.property.name="${name}"]`]
    .flatMap((object) =>
      ['property.name', 'property.value'].map((key) => `MemberExpression${object}[${key}=${property}]`),
    )
    .join(', ');

/**
 * Nothing that is synthesised may depend on the clock, on chance, on the machine or on the process's environment: two
 * synths of one commit are equal byte by byte, which the cache, the review and the deploy guard rest on.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
module.exports = {
  meta: {
    type: 'problem',
    docs: { description: 'no clock, chance, machine or environment variables in what is synthesised' },
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
