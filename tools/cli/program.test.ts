import { examples, program } from './program';

const { PLATFORM_TARGET: target } = process.env;
beforeAll(() => {
  delete process.env['PLATFORM_TARGET'];
  for (const command of [program, ...program.commands.flatMap((each) => [each, ...each.commands])]) {
    command.configureOutput({ writeErr: () => {}, writeOut: () => {} });
    if (command.commands.length === 0) command.action(() => {});
  }
});
afterAll(() => {
  if (target !== undefined) process.env['PLATFORM_TARGET'] = target;
});

test('every command stands in a group and has examples', () => {
  const names = program.commands.map((command) => command.name());
  expect(program.commands.filter((command) => !command.helpGroup())).toEqual([]);
  expect(Object.keys(examples).sort()).toEqual(names.sort());
});

test.each(Object.entries(examples).flatMap(([name, lines]) => lines.map((line) => `${name} ${line}`.trim())))(
  'the example "%s" is a command line that its parser accepts',
  (line) => {
    expect(() => program.parse(line.split(' '), { from: 'user' })).not.toThrow();
  },
);

test.each(['pln', 'plan --lvel inspected', 'state unlok'])('a mistyped "%s" is refused with what is meant', (line) => {
  let said = '';
  for (const command of [program, ...program.commands]) command.configureOutput({ writeErr: (text) => (said += text) });
  expect(() => program.parse(line.split(' '), { from: 'user' })).toThrow();
  expect(said).toMatch(/\(Did you mean (plan|--level|unlock)\?\)/);
});
