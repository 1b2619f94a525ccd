import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import { map } from '@platform/libs/contract/contract';
import type { LiveSession } from './live-session';
import { planStack } from './plan-stack';

test('a state that changes while it is planned ends the plan with a message, not a stack trace; the lock of a run that waits for the folder stays', async () => {
  const root = mkdtempSync(join(tmpdir(), 'plan-'));
  mkdirSync(join(root, 'synth'));
  writeFileSync(join(root, 'synth', 'cdk.tf.json'), '{}');
  // Of a run that waits for this one to end.
  const waiting = join(root, 'work', 'in-use.json.123.456');
  mkdirSync(join(root, 'work'));
  writeFileSync(waiting, '{}');
  let serial = 0;
  const session = {
    options: { root, target: { name: 'emulator', override: () => ({}) }, environment: { name: 'prod' } },
    folders: { of: () => join(root, 'work') },
    stacks: { folder: () => join(root, 'synth'), configuration: () => ({}) },
    unsupported: { of: () => ({ resources: [], outputs: [] }), targetArguments: () => [] },
    states: { of: async () => ({ lineage: 'l', serial: ++serial }) },
    terraform: {
      binary: { path: 'terraform', version: '1.11.4' },
      variables: {},
      run: async (folder: string) => {
        mkdirSync(join(folder, '.terraform'), { recursive: true });
        return { exitCode: 0, stdout: '' };
      },
    },
  } as unknown as LiveSession;
  const description = { stack: 'region-us-vpc', project: 'region-us/vpc', reads: [] } as unknown as StackDescription;
  await expect(planStack(session, description)).rejects.toMatchObject({
    exitCode: 1,
    message: 'region-us-vpc: its state was changed while it was planned; plan it again',
  });
  expect(existsSync(waiting)).toBe(true);
  rmSync(root, { recursive: true });
});

test('an upstream map that lacks an entry is named before anything is written, with the command that plans both', async () => {
  const root = mkdtempSync(join(tmpdir(), 'plan-'));
  const contract = {
    stack: 'region-us-data',
    project: 'region-us/data',
    fields: { tableArns: map('Tables', { sessions: 'a', invoices: 'b' }, 'tables') },
  };
  const outputs = { tableArns: { value: { sessions: 'arn' }, type: ['map', 'string'] } };
  const session = {
    options: { target: { name: 'aws', override: () => ({}) }, environment: { name: 'prod' } },
    folders: { of: () => join(root, 'work') },
    stacks: {
      configuration: () => ({
        resource: {
          aws_x: { Y: { arn: '${data.terraform_remote_state.region-us-data.outputs.tableArns.invoices}' } },
        },
      }),
      get: () => ({ stack: contract.stack, project: contract.project, contract }),
    },
    unsupported: { of: () => ({ resources: [], outputs: [] }) },
    states: { of: async () => ({ lineage: 'l', serial: 1, outputs }) },
  } as unknown as LiveSession;
  const description = {
    stack: 'region-us-alb-asg-app',
    project: 'region-us/alb-asg-app',
    reads: ['region-us-data'],
  } as unknown as StackDescription;
  await expect(planStack(session, description)).rejects.toMatchObject({
    exitCode: 1,
    message:
      'region-us-alb-asg-app: depends on region-us-data, which does not have tables.invoices yet: plan both, or deploy it first: npx platform plan region-us/data region-us/alb-asg-app --target aws -c prod',
  });
  expect(existsSync(join(root, 'work'))).toBe(false);
  rmSync(root, { recursive: true });
});
