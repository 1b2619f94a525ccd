const messages = {
  clock:
    '{{name}} differs from run to run, and the same settings must give the same bytes; pass the value as a setting',
  environment: 'process.env makes the output depend on who runs it; read a setting instead',
};

/**
 * Nothing that is synthesised may depend on the clock, on chance or on the process's environment: two synths of one
 * commit are equal byte by byte, which the cache, the review and the deploy guard rest on.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
module.exports = {
  meta: {
    type: 'problem',
    docs: { description: 'no clock, chance or environment variables in what is synthesised' },
    messages,
    schema: [],
  },
  create(context) {
    const clock = (node, name) => context.report({ node, messageId: 'clock', data: { name } });
    return {
      'NewExpression[callee.name="Date"][arguments.length=0]': (node) => clock(node, 'new Date()'),
      'MemberExpression[object.name="Date"][property.name="now"]': (node) => clock(node, 'Date.now'),
      'MemberExpression[object.name="Math"][property.name="random"]': (node) => clock(node, 'Math.random'),
      'Identifier[name=/^random(UUID|Bytes|Int)$/]': (node) => clock(node, node.name),
      'MemberExpression[object.name="process"][property.name="env"]': (node) =>
        context.report({ node, messageId: 'environment' }),
    };
  },
};
