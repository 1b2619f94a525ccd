import type { Rollout } from '@platform/tools/actions/rollout/rollout-estate';
import { stopMessage } from './rollout-command';

const session = { options: { target: { name: 'aws' }, environment: { name: 'prod' } } } as unknown as Parameters<
  typeof stopMessage
>[0];
const stopped = { after: 'ap', why: 'an alarm is in alarm', untouched: ['us'] };
const message = (results: Record<string, Rollout['stacks'][number]['result']>) =>
  stopMessage(
    session,
    {
      stacks: Object.entries(results).map(([project, result]) => ({
        stack: project.replace('/', '-'),
        project,
        region: 'ap',
        result,
        seconds: 1,
        messages: [],
      })),
    },
    stopped,
  ).split('\n');
const back = (projects: string) => [
  `  npx platform plan ${projects} --target aws -c prod`,
  `  npx platform deploy ${projects} --target aws -c prod`,
];

test('what this run has changed, or tried to, is taken back by commands that can be pasted', () => {
  expect(message({ 'region-ap/vpc': 'applied', 'region-ap/cache': 'failed', 'region-ap/data': 'skipped' })).toEqual([
    'stopped after ap: an alarm is in alarm',
    'untouched: us',
    'to continue: fix the failure, and repeat the command',
    'to roll back: revert the change in the code (`git revert`), then',
    ...back('region-ap/vpc region-ap/cache'),
  ]);
});

test('a second red run names the way back of what the first has changed', () => {
  expect(message({ 'region-ap/vpc': 'untouched', 'region-ap/cache': 'untouched' }).slice(3)).toEqual([
    'to roll back: this run changed nothing; if an earlier run did, revert the change in the code (`git revert`), then',
    ...back('region-ap/vpc region-ap/cache'),
  ]);
  expect(message({ 'region-ap/vpc': 'untouched', 'region-ap/cache': 'applied' }).slice(4)).toEqual([
    ...back('region-ap/cache'),
    'if an earlier run changed other projects, also',
    ...back('region-ap/vpc'),
  ]);
  expect(message({ 'region-ap/vpc': 'refused' }).slice(3)).toEqual(['to go back: nothing was changed']);
});
