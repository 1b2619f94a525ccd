import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { LiveSession } from '@platform/tools/session/live-session';
import { destroyEstate } from './destroy-estate';
import type { StackToDestroy } from './stacks-to-destroy';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'destroy-answered-'));
  mkdirSync(join(root, 'synth'));
  writeFileSync(join(root, 'synth', 'cdk.tf.json'), '{}');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const description = { stack: 'region-us-net', project: 'region-us/net', reads: [] } as unknown as StackDescription;
const state = { lineage: 'l', serial: 1, resources: [] };
const toDestroy: StackToDestroy = {
  description,
  location: { bucket: 'b', key: 'region-us-net/terraform.tfstate', region: 'us-east-1' },
  state,
  removed: false,
};

/** What a destroy does, where an apply of another machine began and its end was not recorded. */
async function destroyed(unrecorded: boolean) {
  const done: string[] = [];
  const session = {
    options: {
      root,
      estate: { regions: [{ key: 'us', role: 'primary' }] },
      target: { name: 'aws', override: () => ({}) },
      environment: { name: 'prod' },
    },
    folders: {
      of: (stack: string, purpose = 'deploy') => join(root, purpose, stack),
      wait: { waitSec: 0 },
      lockTimeoutSec: 0,
    },
    stacks: { folder: () => join(root, 'synth'), configuration: () => ({}) },
    states: { at: async () => state },
    calls: { make: (_: string, call: () => Promise<unknown>) => call() },
    terraform: {
      binary: { path: 'terraform', version: '1.11.4' },
      variables: {},
      run: async (folder: string, _: string, [verb]: string[]) => {
        if (verb === 'init') mkdirSync(join(folder, '.terraform'), { recursive: true });
        done.push(verb!);
        return { exitCode: 0, stdout: '' };
      },
    },
    store: {
      readBegun: async () => ({ id: 'elsewhere', since: '2026-11-30T00:00:00Z', ended: false }),
      isLocked: async () => false,
      endBegun: async (_: object, id: string) => void done.push(`end ${id}`),
      removeConfigurations: async () => void done.push('remove'),
    },
  } as unknown as LiveSession;
  const [result] = await destroyEstate(session, [toDestroy], {}, { unrecorded });
  return { result, done: done.filter((each) => each !== 'init') };
}

test('nothing is applied while what a killed apply created may exist', async () => {
  const { result, done } = await destroyed(false);
  expect(result).toMatchObject({ result: 'failed', message: expect.stringContaining('its end was not recorded') });
  expect(done).toEqual(['plan']);
});

test('once that is accepted, the stack is destroyed, and the apply is recorded as ended', async () => {
  const { result, done } = await destroyed(true);
  expect(result).toMatchObject({ result: 'destroyed' });
  expect(done).toEqual(['plan', 'apply', 'end elsewhere', 'remove']);
});
