import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { KeptBegun } from '@platform/tools/model/decide-deploy';
import type { LiveSession } from '@platform/tools/session/live-session';
import { begunFile, logFile } from '@platform/tools/session/plan-stack';
import { unansweredApplies } from './unanswered-applies';
import type { StackToDestroy } from './stacks-to-destroy';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'unanswered-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const stack = 'region-us-net';
const open = { id: 'own', since: '2026-11-30T00:00:00Z', ended: false };

/** An apply of this machine whose Terraform was killed while it created a VPC. */
function killed(): void {
  const begun = { id: 'own', plan: {}, state: null, former: {}, log: { from: 0, accepted: 0 } };
  writeFileSync(join(folder, begunFile), JSON.stringify(begun));
  const hook = { resource: { addr: 'aws_vpc.A' }, action: 'create' };
  writeFileSync(join(folder, logFile), `$ terraform apply\n${JSON.stringify({ type: 'apply_start', hook })}\n`);
}

function reasons(kept: KeptBegun | undefined, { isLocked = false, removed = false, ids = [] as string[] } = {}) {
  const session = {
    options: { target: { name: 'aws' }, environment: { name: 'prod' } },
    folders: { of: () => folder },
    calls: { make: (_: string, call: () => Promise<unknown>) => call() },
    store: { readBegun: async () => kept, isLocked: async () => isLocked },
  } as unknown as LiveSession;
  const instances = ids.map((id) => ({ attributes: { id } }));
  const toDestroy: StackToDestroy = {
    description: { stack } as unknown as StackDescription,
    location: { bucket: 'b', key: 'k', region: 'us-east-1' },
    state: { lineage: 'l', serial: 1, resources: [{ mode: 'managed', type: 'aws_vpc', name: 'A', instances }] },
    removed,
  };
  return unansweredApplies(session, [toDestroy]);
}

test('an object that a killed apply began to create is named with the command that imports it', async () => {
  killed();
  const [, line, ...more] = await reasons(open);
  expect(line).toMatch(/^ {2}aws_vpc\.A: its creation began; .*adopt region-us-net aws_vpc\.A/);
  expect(more).toEqual([]);
});

test('it is not imported into a stack whose project is gone', async () => {
  killed();
  expect((await reasons(open, { removed: true }))[1]).toBe('  aws_vpc.A: its creation began');
});

test('an apply of another machine, or one of which this machine lost the record, is open too', async () => {
  expect(await reasons(open)).toEqual([expect.stringContaining('its end was not recorded')]);
  killed();
  expect(await reasons({ ...open, id: 'other' })).toEqual([expect.stringContaining('its end was not recorded')]);
});

test.each<[string, KeptBegun | undefined, Parameters<typeof reasons>[1]]>([
  ['whose objects are all in the state', open, { ids: ['vpc-1'] }],
  ['that another one followed, which ended', { ...open, id: 'other', ended: true }, {}],
])('there is nothing to answer of an apply %s', async (_, kept, options) => {
  killed();
  expect(await reasons(kept, options)).toEqual([]);
});

test('an apply that runs elsewhere holds its lock, and is not lost', async () => {
  expect(await reasons(open, { isLocked: true })).toEqual([]);
  expect(await reasons({ ...open, ended: true })).toEqual([]);
  expect(await reasons(undefined)).toEqual([]);
});
