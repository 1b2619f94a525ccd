import { chosenEnvironment, parallelismOf } from './estate-options';
import { program } from './program';

const variables = ['PLATFORM_ENVIRONMENT', 'PLATFORM_LEVEL', 'PLATFORM_MODE'];
afterEach(() => variables.forEach((name) => delete process.env[name]));

test('what a command is for says the command line, else the process, else nobody', () => {
  expect(chosenEnvironment({})).toEqual({ whatIf: {} });
  Object.assign(process.env, { PLATFORM_ENVIRONMENT: 'staging', PLATFORM_LEVEL: 'accelerated', PLATFORM_MODE: '' });
  expect(chosenEnvironment({})).toEqual({ environment: 'staging', whatIf: { level: 'accelerated' } });
  expect(chosenEnvironment({ configuration: 'prod', level: 'standby', mode: 'active-active' })).toEqual({
    environment: 'prod',
    whatIf: { level: 'standby', mode: 'active-active' },
  });
});

test('no level and no mode is taken that there is not, wherever it stands', async () => {
  const refused = (message: string) =>
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) });
  process.env['PLATFORM_MODE'] = 'both';
  expect(() => chosenEnvironment({})).toThrow(
    refused('PLATFORM_MODE: there is no "both"; use one of active-passive, '),
  );
  await expect(program.parseAsync(['synth', '--level', 'all'], { from: 'user' })).rejects.toEqual(
    refused('--level: there is no "all"; use one of standby, '),
  );
  await expect(program.parseAsync(['plan', '--target', 'aws', '--level', 'standby'], { from: 'user' })).rejects.toEqual(
    refused('--level: only the target preview accepts it, not aws; change infra.config.ts'),
  );
});

test.each(['synth', 'plan', 'settings', 'deploy', 'simulate', 'demo'])(
  'an empty environment of %s, as of a variable that is not set, is refused',
  async (command) => {
    await expect(program.parseAsync([command, '-c', ''], { from: 'user' })).rejects.toMatchObject({
      exitCode: 2,
      message: '-c: the name of the environment is empty; write one, or leave -c out',
    });
  },
);
test('a number of stacks at once is a whole one from 1 to 64, or nothing', () => {
  expect([undefined, '1', '64'].map(parallelismOf)).toEqual([undefined, 1, 64]);
  for (const text of ['0', '65', '-1', '2.5', '', 'all']) expect(() => parallelismOf(text)).toThrow(`"${text}" is not`);
});
