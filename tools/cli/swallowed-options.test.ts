import { program } from './program';
import { refuseSwallowed } from './swallowed-options';

/** Against a command line that npm runs, with what npm says of its own options in the variables of the process. */
const complaint = (line: string, config: NodeJS.ProcessEnv, script = line.split(' ')[0]!): string | undefined => {
  const variables = Object.entries(config).map(([name, value]) => [`npm_config_${name}`, value]);
  try {
    refuseSwallowed(program, line.split(' '), { ...Object.fromEntries(variables), npm_lifecycle_event: script });
    return undefined;
  } catch (error) {
    expect(error).toMatchObject({ exitCode: 2 });
    return (error as Error).message;
  }
};

// What npm 10 and 11 make of `npm run plan -c staging`, `--level inspected`, `--level=inspected` and so on.
test.each<[string, NodeJS.ProcessEnv, string]>([
  ['plan', { call: 'staging' }, '-c: npm took it for itself; write npx platform plan -c staging'],
  ['plan inspected', { level: 'true' }, '--level: npm took it for itself; write npx platform plan --level <level>'],
  ['plan', { level: 'inspected' }, '--level: npm took it for itself; write npx platform plan --level inspected'],
  [
    'plan staging',
    { configuration: 'true' },
    '--configuration: npm took it for itself; write npx platform plan --configuration <environment>',
  ],
  ['plan', { json: 'true' }, '--json: npm took it for itself; write npx platform plan --json'],
  [
    'destroy --target aws',
    { dry_run: 'true' },
    '--dry-run: npm took it for itself; write npx platform destroy --dry-run',
  ],
  [
    'state where region-us/vpc',
    { target: 'aws', call: 'staging' },
    '-c: npm took it for itself; write npx platform state -c staging\n--target: npm took it for itself; write npx platform state --target aws',
  ],
])('%s: with %j of npm is refused with what to write', (line, config, message) => {
  expect(complaint(line, config)).toBe(message);
});

test.each<[string, string, NodeJS.ProcessEnv]>([
  ['plan', 'plan -c staging --level=inspected', { call: 'staging', level: 'true' }],
  ['plan', 'plan', { call: '', json: 'false', cafile: '/ca.pem', unreviewed: 'true' }],
  ['bootstrap', 'bootstrap --target aws', { yes: 'true' }],
  ['test', 'plan', { call: 'x' }],
])('in the script %s, %s is left alone with %j of npm', (script, line, config) => {
  expect(complaint(line, config, script)).toBeUndefined();
});
