import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AdoptionLevel } from '@platform/libs/settings/adoption';
import type { Mode } from '@platform/libs/settings/organisation';
import { previewEstate } from '@platform/tools/preview/preview-estate';
import { findRoot } from '@platform/tools/workspace/find-root';
import { workspaceWithoutOnPremises } from './grown-workspace';

const root = findRoot(__dirname);
const dist = mkdtempSync(join(tmpdir(), 'estate plans-'));
afterAll(() => rmSync(dist, { recursive: true, force: true }));
jest.setTimeout(600_000);

/** Every level once, both modes and both environments. Pure functions cover the other combinations. */
const chosen: [environment: string, level: AdoptionLevel, mode: Mode][] = [
  ['prod', 'standby', 'active-passive'],
  ['staging', 'origin-failover', 'active-passive'],
  ['prod', 'local-reads', 'active-passive'],
  ['prod', 'accelerated', 'active-active'],
  ['staging', 'inspected', 'active-active'],
];

test.each(chosen)(
  'the real Terraform and provider plan every stack of %s at %s, %s',
  async (environment, level, mode) => {
    const { stacks, ...rest } = await previewEstate({ root, environment, whatIf: { level, mode }, dist });
    expect(rest).toEqual({ environment, level, mode });
    const said = stacks.flatMap(({ stack, errors, warnings }) =>
      [...errors, ...warnings].map((text) => `${stack}: ${text}`),
    );
    expect(said).toEqual([]);
    expect(stacks.length).toBeGreaterThan(10);
    for (const stack of stacks) expect(stack).toMatchObject({ update: 0, delete: 0, replace: 0 });
  },
);

test('what joins networks plans without any on-premises', async () => {
  const without = workspaceWithoutOnPremises(root);
  const projects = ['shared/hybrid', 'shared/resolver', 'shared/privatelink', 'shared/security/gwlb', 'shared/tgw'];
  const { stacks } = await previewEstate({
    root: without,
    whatIf: { level: 'inspected' },
    projects,
    dist: join(dist, 'without'),
  });
  rmSync(without, { recursive: true });
  expect(stacks.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  const created = Object.fromEntries(stacks.map(({ stack, create }) => [stack, create]));
  expect(created).toMatchObject({ 'shared-hybrid': 0, 'shared-hybrid-us': 0, 'shared-hybrid-ap': 0 });
  for (const stack of ['shared-tgw-us', 'shared-resolver-ap', 'shared-privatelink-us']) {
    expect([stack, created[stack]! > 0]).toEqual([stack, true]);
  }
});
