import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { LiveSession } from '@platform/tools/session/live-session';
import { findRoot } from '@platform/tools/workspace/find-root';
import { stacksToDestroy } from './stacks-to-destroy';

const description = (project: string, reads: readonly string[] = []) =>
  ({ stack: project.replace('/', '-'), project, reads, region: 'us' }) as unknown as StackDescription;
const notes: string[] = [];
const session = {
  options: {
    root: findRoot(__dirname),
    estate: { regions: [{ key: 'us', role: 'primary' }] },
    environment: { name: 'prod' },
    target: { name: 'aws' },
    note: (text: string) => notes.push(text),
  },
  folders: { of: () => join(tmpdir(), 'no-such-folder') },
  stacks: {
    all: [description('global/state'), description('global/access', ['global-state']), description('global/zone')],
    configuration: (stack: string) => ({
      resource: { aws_sns_topic: { Topic: {} } },
      terraform: { backend: { s3: { bucket: 'b', key: stack, region: 'us-east-1' } } },
    }),
  },
  states: {
    of: async () => ({ resources: [{ mode: 'managed', type: 'aws_sns_topic', name: 'Topic', instances: [{}] }] }),
  },
} as unknown as LiveSession;
const chosen = async (projects: readonly string[]) =>
  (await stacksToDestroy(session, projects, { unsaved: 'refuse' })).map(({ description: { project } }) => project);

test('a destroy of everything leaves the roles that run it and the states, and says so', async () => {
  expect(await chosen([])).toEqual(['global/zone']);
  expect(notes.map((text) => text.split(' ')[0])).toEqual(['global/access', 'global/state']);
});

test('the roles are destroyed where they are named', async () => {
  expect(await chosen(['global/access'])).toEqual(['global/access']);
});

test('a stack without a state is destroyed where the end of its apply was not recorded', async () => {
  const chosenBy = (ended: boolean) =>
    stacksToDestroy(
      {
        ...session,
        calls: { make: (_: string, call: () => Promise<unknown>) => call() },
        states: { of: async () => undefined },
        store: {
          readBegun: async ({ key }: { key: string }) =>
            key.startsWith('global-zone') ? { id: 'a', since: '2026-11-30T00:00:00Z', ended } : undefined,
        },
      } as unknown as LiveSession,
      [],
      { unsaved: 'refuse' },
    );
  expect(await chosenBy(false)).toMatchObject([{ description: { stack: 'global-zone' }, state: { serial: 0 } }]);
  expect(await chosenBy(true)).toEqual([]);
});
