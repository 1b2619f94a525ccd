import type { TaskGraph, ExecutorContext } from '@nx/devkit';
import { batch } from './live';

const events: string[] = [];

jest.mock('@platform/tools/cli/live-options', () => ({
  inSession: (_: object, work: (session: object) => Promise<number>) =>
    work({ options: { environment: { name: 'prod' } } }),
  liveProgress: () => ({}),
  underNx: () => 'what Nx does at a Ctrl-C',
}));
jest.mock('@platform/tools/actions/destroy/removed-stacks', () => ({
  removedStacks: async () => ({ stacks: [], unsaved: [], unknown: [] }),
}));
jest.mock('@platform/tools/actions/destroy/stacks-to-destroy', () => ({
  ...jest.requireActual<object>('@platform/tools/actions/destroy/stacks-to-destroy'),
  stacksToDestroy: async () => [toDestroy],
}));
jest.mock('@platform/tools/actions/destroy/unanswered-applies', () => ({ unansweredApplies: async () => [] }));
jest.mock('@platform/tools/actions/destroy/destroy-estate', () => ({
  destroyEstate: async () => {
    events.push('destroys');
    return [{ stack: 'region-us-data', result: 'destroyed' }];
  },
}));

const toDestroy = {
  description: { stack: 'region-us-data', project: 'region-us/data', reads: [] },
  state: {
    lineage: 'l',
    serial: 1,
    resources: [
      { mode: 'managed', type: 'aws_s3_bucket', name: 'Files', instances: [{ attributes: { force_destroy: true } }] },
    ],
  },
};

test('a destroy that is confirmed says first what is lost and emptied', async () => {
  const told = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    events.push(String(text).trimEnd());
    return true;
  });
  const id = 'region-us-data:destroy';
  const target = { project: 'region-us-data', target: 'destroy' };
  const graph = { tasks: { [id]: { id, target, projectRoot: 'region-us/data' } } } as unknown as TaskGraph;
  const options = {
    action: 'destroy',
    environment: 'prod',
    on: 'emulator',
    confirm: 'prod',
    includeStateful: true,
  } as const;
  const context = { root: '/', projectsConfigurations: { version: 2, projects: {} } } as unknown as ExecutorContext;
  const results = [];
  for await (const { result } of batch(graph, { [id]: options }, options, context)) results.push(result.success);
  told.mockRestore();
  expect(results).toEqual([true]);
  expect(events).toEqual([
    'region-us-data: 1 resource',
    'region-us-data: aws_s3_bucket.Files holds the objects of a bucket, and would be emptied',
    'what Nx does at a Ctrl-C',
    'destroys',
  ]);
});
