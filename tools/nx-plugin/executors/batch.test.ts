import type { ExecutorContext, TaskGraph } from '@nx/devkit';
import { byOptions, executor, type BatchTask } from './batch';

const context = {
  root: '/workspace',
  projectName: 'region-us-vpc',
  projectsConfigurations: {
    version: 2,
    projects: {
      'region-us': { root: 'region-us' },
      'region-us-vpc': { root: 'region-us/vpc' },
      'region-us-vpc-peering': { root: 'region-us/vpc-peering' },
    },
  },
} as unknown as ExecutorContext;

describe('an executor', () => {
  it('gives a file to the project whose folder contains it by path segment', async () => {
    const folders: (string | undefined)[] = [];
    const { one } = executor<object>(async ({ folderOf }, tasks) => {
      for (const file of ['region-us/vpc/a.ts', 'region-us/vpc-peering/a.ts', 'region-us/region.ts', 'a.ts']) {
        folders.push(folderOf(`/workspace/${file}`));
      }
      return new Map(tasks.map(({ id }) => [id, { success: true, output: '' }]));
    });
    expect(await one({}, context)).toEqual({ success: true });
    expect(folders).toEqual(['region-us/vpc', 'region-us/vpc-peering', 'region-us', undefined]);
  });

  it('reports every task of a batch, and fails those that the work forgot', async () => {
    const { batch } = executor<object>(async () => new Map([['a:test', { success: true, output: 'fine' }]]));
    const graph = {
      tasks: Object.fromEntries(
        ['a', 'b'].map((project) => [
          `${project}:test`,
          { id: `${project}:test`, target: { project, target: 'test' }, projectRoot: project },
        ]),
      ),
    } as unknown as TaskGraph;
    const results = [];
    for await (const { task, result } of batch(graph, {}, {}, context)) results.push([task, result.success]);
    expect(results).toEqual([
      ['a:test', true],
      ['b:test', false],
    ]);
  });
});

test('tasks with equal options are done together', () => {
  const task = (id: string, environment: string): BatchTask<{ environment: string }> => ({
    id,
    project: id,
    folder: id,
    options: { environment },
  });
  const groups = byOptions([task('a', 'prod'), task('b', 'staging'), task('c', 'prod')]);
  expect(groups.map(({ options, tasks }) => [options.environment, tasks.map(({ id }) => id)])).toEqual([
    ['prod', ['a', 'c']],
    ['staging', ['b']],
  ]);
});
