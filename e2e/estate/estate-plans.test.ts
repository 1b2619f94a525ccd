import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useExampleWorkspace } from '@platform/e2e/fixtures/example-workspace';
import { includesLevel, type AdoptionLevel, type Mode } from '@platform/libs/settings/adoption';
import { previewEstate } from '@platform/tools/actions/plan/preview-estate';
import { loadOrganisation } from '@platform/tools/workspace/load-estate';
import { workspaceWithOtherChoices, workspaceWithPartners } from '@platform/e2e/fixtures/grown-workspace';

/*
 * Plans a hundred stacks: at the end of a run it would be alone.
 *
 * @long
 */
const root = useExampleWorkspace();
const dist = mkdtempSync(join(tmpdir(), 'estate plans-'));
afterAll(() => rmSync(dist, { recursive: true, force: true }));
jest.setTimeout(600_000);

/**
 * Every level once, both modes and both environments; what the settings choose for the first environment is left to the
 * target `plan` of `npm test`. Pure functions cover the other combinations.
 */
const matrix: [environment: string, level: AdoptionLevel, mode: Mode][] = [
  ['prod', 'standby', 'active-passive'],
  ['prod', 'origin-failover', 'active-passive'],
  ['prod', 'local-reads', 'active-passive'],
  ['prod', 'accelerated', 'active-active'],
  ['staging', 'inspected', 'active-active'],
];
const [name, own] = Object.entries(loadOrganisation(root).environments)[0]!;
const chosen = matrix.filter((choice) => choice.join() !== [name, own.level, own.mode].join());

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
    expect(notes.filter((text) => text.includes('the load balancer is open to the internet'))).toEqual([]);
    for (const key of ['us', 'ap']) {
      const letIn = includesLevel(level, 'accelerated') ? ['pl-', 'pl-', 'sg-'] : ['0.0.0.0/0', '0.0.0.0/0'];
      expect([key, clientsOf(`region-${key}-alb-asg-app`)]).toEqual([
        key,
        letIn.map((id) => expect.stringContaining(id)),
      ]);
    }
    for (const stack of stacks) expect(stack).toMatchObject({ update: 0, delete: 0, replace: 0 });
  },
);

/** Whom the security groups of a synthesised stack let in from outside it: addresses, prefix lists, groups that are given by id. */
function clientsOf(stack: string, synth = join(dist, 'synth')): string[] {
  const { resource } = JSON.parse(readFileSync(join(synth, 'stacks', stack, 'cdk.tf.json'), 'utf8'));
  const rules = Object.values(resource.aws_vpc_security_group_ingress_rule as Record<string, Record<string, string>>);
  return rules
    .map((rule) => rule['cidr_ipv4'] ?? rule['prefix_list_id'] ?? rule['referenced_security_group_id']!)
    .filter((source) => !source.startsWith('${'))
    .sort();
}

test('the real Terraform finds what is synthesised valid', async () => {
  const projects = ['region-us/vpc', 'region-us/alb-asg-app', 'region-us/cloudfront', 'shared/tgw', 'global/ga'];
  const whatIf = { level: 'inspected' } as const;
  const { stacks } = await previewEstate({ root, action: 'validate', whatIf, projects, dist: join(dist, 'validate') });
  expect(stacks.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  expect(stacks).toHaveLength(7);
});

test('what joins networks plans without any on-premises, and with services for and from partners', async () => {
  const without = workspaceWithPartners();
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

describe('where settings have two choices, the other one plans', () => {
  const other = workspaceWithOtherChoices();
  afterAll(() => rmSync(other, { recursive: true }));

  /** What the plans of some projects make, by type; each of them plans all that is synthesised, without a word. */
  async function madeBy(environment: string, projects: readonly string[]) {
    const notes: string[] = [];
    const folder = join(dist, 'other', environment);
    const { stacks } = await previewEstate({
      root: other,
      environment,
      projects,
      dist: folder,
      progress: { note: (text) => void notes.push(text) },
    });
    expect(stacks.map(({ project }) => project).sort()).toEqual([...projects].sort());
    expect(stacks.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    const types = stacks.flatMap(({ stack, create }): string[] => {
      const { resource } = JSON.parse(readFileSync(join(folder, 'synth', 'stacks', stack, 'cdk.tf.json'), 'utf8'));
      const types = Object.entries(resource as object).flatMap(([type, named]) => Object.keys(named).map(() => type));
      expect([stack, create]).toEqual([stack, types.length]);
      return types;
    });
    return { types, notes, synth: join(folder, 'synth') };
  }

  test('RDS, provisioned tables, a signed zone, a table of locks, a cache, and balancers of both kinds, open while the accelerator’s group is not there yet', async () => {
    // One of twins where they differ in nothing but their region.
    const projects = ['region-us/alb-asg-app', 'region-us/aurora', 'region-ap/aurora', 'region-us/cache'];
    const { types, notes, synth } = await madeBy('prod', [...projects, 'global/data', 'global/zone', 'global/state']);
    for (const type of [
      'aws_db_instance',
      'aws_appautoscaling_policy',
      'aws_route53_hosted_zone_dnssec',
      'aws_elasticache_replication_group',
      'aws_dynamodb_table',
    ]) {
      expect(types).toContain(type);
    }
    expect(types.filter((type) => type === 'aws_lb')).toHaveLength(2);
    expect(types).not.toContain('aws_rds_cluster');
    expect(notes).toEqual(
      ['ap', 'us'].map((key) => expect.stringMatching(new RegExp(`^region-${key}/region.ts: .* open to the internet`))),
    );
    expect(clientsOf('region-us-alb-asg-app', synth)).toContain('0.0.0.0/0');
  });

  test('Redis, whose group has a user more than that of Valkey', async () => {
    const { types } = await madeBy('staging', ['region-us/cache']);
    expect(types.filter((type) => type === 'aws_elasticache_user')).toHaveLength(2);
  });
});
