import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { TerraformFailure } from '@platform/tools/terraform/failure';
import type { StackToDestroy } from './stacks-to-destroy';
import type { LiveSession } from '@platform/tools/session/live-session';
import { chosenRemoved, removedStacks } from './removed-stacks';

const gone = (project: string, reads: string[] = []): StackToDestroy => ({
  description: { stack: project.replace('/', '-'), project, reads } as unknown as StackDescription,
  location: { bucket: 'b', key: 'k', region: 'us-east-1' },
  state: { lineage: 'l', serial: 1, resources: [] },
  removed: true,
});

describe('stacks whose projects are gone', () => {
  const topic = gone('region-us/topic');
  const reader = gone('global/reader', ['region-us-topic']);

  test('are all chosen, or those that are named by project or stack', () => {
    expect(chosenRemoved([topic, reader], [])).toEqual([topic, reader]);
    expect(chosenRemoved([topic, reader], ['global/reader'])).toEqual([reader]);
    expect(chosenRemoved([topic, reader], ['region-us-topic', 'global-reader'])).toEqual([topic, reader]);
  });

  test('are not destroyed while another of them reads them', () => {
    expect(() => chosenRemoved([topic, reader], ['region-us/topic'])).toThrow(
      'global-reader: it is deployed and reads region-us-topic; destroy global/reader too',
    );
  });
});

test('what is gone from the tree is looked for in every bucket that was made, also of a dropped region, and a lost one is noted; a copy is none of its own', async () => {
  const buckets: Record<string, string[] | 'lost'> = {
    'states-us': ['global-state', 'global-gone', 'global-new'],
    'states-ap': 'lost',
    // What is global is copied here, and what is kept beside the newest not yet.
    'states-eu': ['region-eu-topic', 'region-eu-old', 'global-gone', 'global-new'],
  };
  const keptOf = ({ key }: { key: string }) => {
    const stack = key.split('/')[0]!;
    const bucket = stack.startsWith('global') ? 'states-us' : 'states-eu';
    const configuration = { terraform: { backend: { s3: { bucket, key } } } };
    const files = { 'cdk.tf.json': Buffer.from(JSON.stringify(configuration)).toString('base64') };
    return { description: { stack, reads: [] }, files };
  };
  const made = ['us', 'ap', 'eu'].map((key) => ({ attributes: { bucket: `states-${key}`, region: `${key}-1` } }));
  const notes: string[] = [];
  const asked: object[] = [];
  const session = {
    stacks: {
      all: [
        { stack: 'global-state', project: 'global/state' },
        { stack: 'region-ap-topic', project: 'region-ap/topic' },
      ],
      configuration: (stack: string) => {
        const key = stack === 'global-state' ? 'us' : 'ap';
        return { terraform: { backend: { s3: { bucket: `states-${key}`, key: stack, region: `${key}-1` } } } };
      },
    },
    options: { note: (text: string) => notes.push(text) },
    folders: { of: () => '/nowhere' },
    calls: { make: (_: string, call: () => Promise<unknown>) => call() },
    states: {
      of: async () => ({ resources: [{ type: 'aws_s3_bucket', instances: made }] }),
      at: async () => ({ lineage: 'l', serial: 1, resources: [{}] }),
    },
    store: {
      stacksIn: async (at: { bucket: string }) => {
        asked.push(at);
        const found = buckets[at.bucket]!;
        if (found === 'lost') throw new TerraformFailure('lost', 'network', at.bucket);
        return found;
      },
      readConfigurationOf: async (at: { bucket: string; key: string }) =>
        /region-eu-old|states-eu global-new/.test(`${at.bucket} ${at.key}`) ? undefined : keptOf(at),
    },
  };
  const { stacks: found, unknown, unseen, copies } = await removedStacks(session as unknown as LiveSession);
  expect(found.map(({ description, location }) => [description.stack, location])).toEqual([
    ['global-gone', { bucket: 'states-us', region: 'us-1', key: 'global-gone/terraform.tfstate' }],
    ['global-new', { bucket: 'states-us', region: 'us-1', key: 'global-new/terraform.tfstate' }],
    ['region-eu-topic', { bucket: 'states-eu', region: 'eu-1', key: 'region-eu-topic/terraform.tfstate' }],
  ]);
  expect(unknown).toEqual(['region-eu-old']);
  expect(asked).toHaveLength(3);
  expect([unseen, copies]).toEqual([['states-ap'], []]);
  expect(notes).toEqual([expect.stringContaining('states-ap: it cannot be reached')]);
});

test('a stack whose project and original state are gone is named with its copy and what to do by hand', async () => {
  const states = (key: string) => ({ bucket: `own-prod-terraform-state-${key}`, region: `${key}-1` });
  const locationOf = (key: string, stack = 'x') => ({ s3: { ...states(key), key: `${stack}/terraform.tfstate` } });
  // Of what was destroyed an empty state is left, and a copy that is late.
  const inBucket: Record<string, string[]> = {
    [states('us').bucket]: ['global-destroyed'],
    [states('ap').bucket]: ['global-gone', 'global-destroyed', 'region-us-gone'],
  };
  const found = (home: string) =>
    removedStacks({
      stacks: {
        all: [{ stack: 'us' }, { stack: 'ap' }],
        configuration: (key: string) => ({ terraform: { backend: locationOf(key) } }),
      },
      options: { environment: { organisation: 'own', name: 'prod', home }, target: { name: 'aws' } },
      folders: { of: () => '/nowhere' },
      calls: { make: (_: string, call: () => Promise<unknown>) => call() },
      states: {
        at: async ({ bucket }: { bucket: string }) => ({ resources: bucket === states('us').bucket ? [] : [{}] }),
      },
      store: {
        stacksIn: async ({ bucket }: { bucket: string }) => inBucket[bucket],
        readBegun: async () => undefined,
        readConfigurationOf: async ({ key }: { key: string }) => {
          const stack = key.split('/')[0]!;
          const configuration = JSON.stringify({ terraform: { backend: locationOf('us', stack) } });
          return {
            description: { stack, project: stack.replace(/-(\w+)$/, '/$1'), reads: [] },
            files: { 'cdk.tf.json': Buffer.from(configuration).toString('base64') },
          };
        },
      },
    } as unknown as LiveSession);
  const original = 's3://own-prod-terraform-state-us/global-gone/terraform.tfstate';
  const copy = 's3://own-prod-terraform-state-ap/global-gone/terraform.tfstate';
  const { stacks: none, copies } = await found('ap');
  expect(none).toEqual([]);
  expect(copies).toEqual([
    `global-gone: its project was removed, and its state does not exist or cannot be reached: ${original}; there is a copy: ${copy}. If the original is lost, continue from the copy: revert the commit that removed the project, check how old the copy is, destroy the stack, and remove the project again:
  git revert --no-edit "$(git rev-list -1 HEAD -- global/gone)"
  npx platform state list global-gone --target aws -c prod
  npx platform destroy global/gone --target aws -c prod
  git revert --no-edit HEAD`,
    expect.stringMatching(/^region-us-gone: .*; look again when its region answers$/),
  ]);
  expect((await found('us')).copies[0]).toMatch(
    /or if the region is lost, move the home region as docs\/runbooks\/move-/,
  );
});

test.each([
  [false, ['region-us-gone']],
  [true, []],
])(
  'a stack without a state, whose apply was killed (recorded as ended: %s), is found after its project is gone',
  async (ended, found) => {
    const backend = { s3: { bucket: 'states', key: 'region-us-gone/terraform.tfstate', region: 'us-east-1' } };
    const configuration = Buffer.from(JSON.stringify({ terraform: { backend } })).toString('base64');
    const session = {
      stacks: { all: [{ stack: 'region-us-kept' }], configuration: () => ({ terraform: { backend } }) },
      options: {},
      folders: { of: () => '/nowhere' },
      calls: { make: (_: string, call: () => Promise<unknown>) => call() },
      states: { at: async () => undefined },
      store: {
        stacksIn: async () => ['region-us-gone', 'region-us-kept'],
        readBegun: async () => ({ id: 'a', since: '2026-11-30T00:00:00Z', ended }),
        readConfigurationOf: async () => ({
          description: { stack: 'region-us-gone', reads: [] },
          files: { 'cdk.tf.json': configuration },
        }),
      },
    };
    const { stacks } = await removedStacks(session as unknown as LiveSession);
    expect(stacks.map(({ description }) => description.stack)).toEqual(found);
  },
);
