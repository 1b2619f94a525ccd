import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceWithApplications } from '@platform/e2e/fixtures/applications-workspace';
import { parityOfEstate } from '@platform/tools/actions/review/parity-of-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { unwatchedIn, type StackJson } from './estate-alarms';

jest.setTimeout(180_000);
const outdir = mkdtempSync(join(tmpdir(), 'applications '));
let workspace: Awaited<ReturnType<typeof workspaceWithApplications>>;
beforeAll(async () => {
  workspace = await workspaceWithApplications();
});
afterAll(() => {
  for (const folder of [outdir, workspace.root]) rmSync(folder, { recursive: true });
});

/** With the fewest and the most resources: `application-plans.test.ts` has all combinations. */
const combinations = [
  { level: 'standby', mode: 'active-passive' },
  { level: 'inspected', mode: 'active-active' },
] as const;

describe.each(combinations)('at $level, $mode, applications of a container and of an x86 image', (whatIf) => {
  test('have no name of another resource, an owner, and alarms on all that they run', () => {
    const { stacks } = synthesise({ ...workspace, outdir, whatIf });
    const owners = Object.fromEntries(stacks.map(({ stack, owner }) => [stack, owner]));
    expect(owners).toMatchObject({
      'region-us-shop': 'platform',
      'region-ap-shop': 'platform',
      'region-us-legacy': 'network',
      'region-ap-legacy': 'network',
    });
    const read = (stack: string) =>
      JSON.parse(readFileSync(join(outdir, 'stacks', stack, 'cdk.tf.json'), 'utf8')) as StackJson;
    const all = new Map(stacks.map(({ stack }) => [stack, read(stack)]));
    expect(unwatchedIn(all)).toEqual([]);
    expect(Object.keys(all.get('region-us-shop')!.resource!['aws_ecs_service']!)).toHaveLength(2);
    expect(Object.keys(all.get('region-us-legacy')!.resource!['aws_autoscaling_group']!)).toHaveLength(2);
  });

  test('are the same in both regions', () => {
    expect(parityOfEstate({ ...workspace, outdir, whatIf })).toEqual([]);
  });
});
