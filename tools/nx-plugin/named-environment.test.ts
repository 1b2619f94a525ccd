import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { batch, type LiveExecutorOptions } from './executors/live';
import { loadSettings } from '@platform/tools/workspace/load-estate';
import { findRoot } from '@platform/tools/workspace/find-root';
import { program } from '@platform/tools/cli/program';

// An ES module, which Jest cannot load; no question is reached.
jest.mock('@clack/prompts', () => ({}));

const root = findRoot(__dirname);
const names = Object.keys(loadSettings(root).settings.environments).map((name) => `-c ${name}`);
const refusal = `-c: no environment is named, and this command changes one; add ${names.join(' or ')}, or set PLATFORM_ENVIRONMENT`;

const before = process.env['PLATFORM_ENVIRONMENT'];
beforeAll(() => delete process.env['PLATFORM_ENVIRONMENT']);
afterAll(() => {
  if (before !== undefined) process.env['PLATFORM_ENVIRONMENT'] = before;
});

test.each([
  ['deploy'],
  ['rollout'],
  ['destroy'],
  ['reconcile'],
  ['bootstrap'],
  ['adopt', 'global-zone', 'aws_route53_zone.Zone', 'Z1'],
  ['release', 'start'],
  ['state', 'restore', 'global/zone', 'v1'],
  ['state', 'unlock', 'global/zone', 'id'],
  ['state', 'untaint', 'global/zone', 'aws_vpc.X'],
  ['state', 'switch-home', '--write'],
])('%s is refused before anything is called where no environment is named', async (...args: string[]) => {
  await expect(program.parseAsync([...args, '--target', 'emulator'], { from: 'user' })).rejects.toMatchObject({
    message: refusal,
    exitCode: 2,
  });
});

test.each<LiveExecutorOptions['action']>(['deploy', 'destroy'])(
  'the Nx target %s is refused without -c',
  async (action) => {
    const id = `global-zone:${action}`;
    const tasks = { [id]: { id, target: { project: 'global-zone', target: action }, projectRoot: 'global/zone' } };
    const options: LiveExecutorOptions = { action, on: 'emulator' };
    const context = { root, projectsConfigurations: { version: 2, projects: {} } } as unknown as ExecutorContext;
    const graph = { tasks } as unknown as TaskGraph;
    const results = [];
    for await (const { result } of batch(graph, { [id]: options }, options, context)) results.push(result);
    expect(results).toMatchObject([{ success: false, terminalOutput: refusal }]);
  },
);

test('a failover is refused before anything is called where no environment is named', async () => {
  const run = program.parseAsync(['failover', 'run', '--to', 'ap', '--target', 'emulator'], { from: 'user' });
  await expect(run).rejects.toMatchObject({ message: expect.stringContaining('no environment is named'), exitCode: 2 });
});
