import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { includesLevel, type AdoptionLevel } from '@platform/libs/settings/adoption';
import type { Mode } from '@platform/libs/settings/organisation';
import { previewEstate } from '@platform/tools/preview/preview-estate';
import { loadOrganisation } from '@platform/tools/synth/load-estate';
import { findRoot } from '@platform/tools/workspace/find-root';
import { workspaceWithPartners } from './grown-workspace';

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
    const notes: string[] = [];
    const progress = { note: (text: string) => void notes.push(text) };
    const { stacks, ...rest } = await previewEstate({ root, environment, whatIf: { level, mode }, dist, progress });
    expect(rest).toEqual({ environment, level, mode });
    const said = stacks.flatMap(({ stack, errors, warnings }) =>
      [...errors, ...warnings].map((text) => `${stack}: ${text}`),
    );
    expect(said).toEqual([]);
    const synthesised = JSON.parse(readFileSync(join(dist, 'synth', 'estate.json'), 'utf8'));
    expect(stacks.map(({ stack }) => stack)).toEqual(synthesised.stacks.map(({ stack }: { stack: string }) => stack));
    // The ids of the edge are looked up after its first deploy, so the estate as it is has none.
    const open = notes.filter((text) => text.includes('the balancer is open to the internet'));
    expect(open.map((text) => text.split(':')[0])).toEqual(
      includesLevel(level, 'accelerated') ? ['region-ap/region.ts', 'region-us/region.ts'] : [],
    );
    for (const stack of stacks) expect(stack).toMatchObject({ update: 0, delete: 0, replace: 0 });
  },
);

test('the real Terraform finds what is synthesised valid', async () => {
  const projects = ['region-us/vpc', 'region-us/alb-asg-app', 'region-us/cloudfront', 'shared/tgw', 'global/ga'];
  const whatIf = { level: 'inspected' } as const;
  const { stacks } = await previewEstate({ root, action: 'validate', whatIf, projects, dist: join(dist, 'validate') });
  expect(stacks.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  expect(stacks).toHaveLength(7);
});

test('what joins networks plans without any on-premises, and with services for and from partners', async () => {
  const without = workspaceWithPartners(root);
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
  // Endpoints of services with their group and its rule, as much for the one of the partner, and the offer with its name's proof.
  const { services } = loadOrganisation(root).environments['prod']!.privateLink;
  expect(created['shared-privatelink-us']).toBe(services.length + 2 + 3 + 3);
});
