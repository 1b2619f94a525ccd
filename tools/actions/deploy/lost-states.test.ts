import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { deployStack } from './deploy-stack';
import type { LiveSession } from '@platform/tools/session/live-session';

/** A reviewed plan of which nothing has changed since: what is left is the question whether it may be applied. */
const mockPlan = {
  resource_changes: [
    { address: 'aws_s3_bucket.Gone', type: 'aws_s3_bucket', mode: 'managed', change: { actions: ['delete'] } },
  ],
};
jest.mock('@platform/tools/session/removed-state-buckets', () => ({ whoStillUses: async () => [] }));
jest.mock('@platform/tools/model/plan-record', () => ({
  ...jest.requireActual<object>('@platform/tools/model/plan-record'),
  whatDiffers: () => [],
}));
jest.mock('@platform/tools/session/initialise', () => ({
  initialise: async () => {
    throw new Error('on to Terraform');
  },
}));
jest.mock('@platform/tools/session/plan-stack', () => ({
  ...jest.requireActual<object>('@platform/tools/session/plan-stack'),
  bindingNow: async () => ({}),
  readPlan: () => mockPlan,
  readReview: () => ({ taint: [], changes: true }),
}));

const folder = mkdtempSync(join(tmpdir(), 'lost states-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const deploy = (project: string, includeStateful: boolean) =>
  deployStack(
    { options: {}, folderWait: { waitSec: 1 }, folderOf: () => join(folder, 'stack') } as unknown as LiveSession,
    { stack: 'a-stack', project, contract: {} } as StackDescription,
    { planCommand: 'plan', includeStateful },
  );

test('a reviewed plan that takes the bucket of states away is refused until that is asked for by its own word', async () => {
  const { result, messages } = await deploy('global/state', false);
  expect(result).toBe('refused');
  expect(messages.join()).toContain('a-stack: states would be lost with aws_s3_bucket.Gone; ');
  expect(messages.join()).toContain('--include-stateful');
  await expect(deploy('global/state', true)).rejects.toThrow('on to Terraform');
});

test('buckets of other stacks are the business of the review', async () => {
  await expect(deploy('global/data', false)).rejects.toThrow('on to Terraform');
});
