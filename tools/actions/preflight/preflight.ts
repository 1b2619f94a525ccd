import { Resolver } from 'node:dns/promises';
import type { LiveSession } from '@platform/tools/session/live-session';
import { needsOf } from '@platform/tools/model/needs';
import type { PlacedStack } from '@platform/tools/model/placed-resources';
import { prefixListsOf } from '@platform/tools/actions/synth/check-quotas';
import { TerraformFailure } from '@platform/tools/terraform/failure';
import { commandLine } from '@platform/tools/session/plan-command-for';
import { table } from '@platform/tools/session/table';
import { checkBoundaries, checkPermissions, checkRoles, checkServiceRoles, checkSharing } from './check-access';
import { checkCertificates, checkDelegation } from './check-domain';
import { checkGrantedQuotas } from './check-granted-quotas';
import { checkDomainLists, checkPrefixLists } from './check-ids';
import { checkBuckets, checkNames } from './check-names';
import {
  checkCaches,
  checkDatabases,
  checkImages,
  checkInstanceTypes,
  checkServices,
  checkZones,
} from './check-offers';
import { each, type Context } from './context';
import type { Finding } from './finding';

/** Checks in the order of the table. Each account is looked into once its role is known to lead there. */
const checks: readonly (readonly [label: string, check: (context: Context) => Promise<Finding[]>])[] = [
  ['permissions of the deploy role', checkPermissions],
  ['boundary of roles', checkBoundaries],
  ['sharing', checkSharing],
  ['service-linked roles', checkServiceRoles],
  ['quotas', checkGrantedQuotas],
  ['zones', checkZones],
  ['instance types', checkInstanceTypes],
  ['databases', checkDatabases],
  ['caches', checkCaches],
  ['endpoint services', checkServices],
  ['images', checkImages],
  ['prefix lists', checkPrefixLists],
  ['domain lists', checkDomainLists],
  ['delegation', checkDelegation],
  ['certificates', checkCertificates],
  ['bucket names', checkBuckets],
  ['names', checkNames],
];

/**
 * Compares what the estate takes for granted in AWS with what AWS has, in all accounts and regions. Changes nothing: every
 * call reads. A call that AWS refuses is a finding.
 * @param nameServers asks the public DNS. Default: the resolver of this machine
 */
export async function preflight(
  session: Pick<LiveSession, 'options' | 'stacks' | 'states'>,
  { nameServers = publicNameServers, now = new Date() }: Partial<Pick<Context, 'nameServers' | 'now'>> = {},
): Promise<Finding[]> {
  const { environment, estate, target, note } = session.options;
  const stacks: PlacedStack[] = session.stacks.all.map((stack) => ({
    stack,
    configuration: session.stacks.configuration(stack.stack),
    accounts: environment.accounts,
  }));
  const context: Omit<Context, 'accounts' | 'deployed'> = {
    environment,
    regions: estate.regions,
    needs: needsOf(stacks, prefixListsOf(estate.regions)),
    clientOptions: (role, awsRegion) => target.clientOptions(role, awsRegion),
    command: (verb, ...args) => commandLine(session, verb, ...args),
    nameServers,
    now,
  };
  const roles = await checkRoles(context, target.name);
  const accounts = new Set(
    context.needs.accounts.filter((_, index) => roles[index]?.verdict === 'ok').map(({ account }) => account),
  );
  const deployed = accounts.has(environment.accounts.management) ? await deployedStacks(session) : new Set<string>();
  const findings = [...roles];
  for (const [label, check] of checks) {
    note?.(`preflight: ${label}`);
    findings.push(...(await check({ ...context, accounts, deployed })));
  }
  return findings;
}

/** Stacks of the bootstrap, which come before everything else. */
const ofBootstrap = ['global-state', 'global-access'];

/** Whether nothing but what the bootstrap makes has a state: the time to look at the accounts. */
export async function isFirstPlan(session: Pick<LiveSession, 'stacks' | 'states'>): Promise<boolean> {
  return [...(await deployedStacks(session))].every((stack) => ofBootstrap.includes(stack));
}

/** Stacks that have a state. None where the bucket of states is missing; a state that cannot be read counts as one. */
async function deployedStacks({ stacks, states }: Pick<LiveSession, 'stacks' | 'states'>): Promise<Set<string>> {
  const deployed = await each(stacks.all, async ({ stack }) => {
    const exists = await states.of(stack).then(
      (state) => state !== undefined,
      (error: unknown) => !(error instanceof TerraformFailure && error.kind === 'no-state-bucket'),
    );
    return exists ? [stack] : [];
  });
  return new Set(deployed);
}

async function publicNameServers(domain: string): Promise<readonly string[]> {
  try {
    return await new Resolver({ timeout: 5_000, tries: 2 }).resolveNs(domain);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === 'ENOTFOUND' || code === 'ENODATA') return [];
    throw error;
  }
}

/** Whether a deploy would fail for what was found. */
export function wouldFail(findings: readonly Finding[]): boolean {
  return findings.some(({ verdict }) => verdict === 'fails');
}

const words = { ok: 'ok', fails: 'FAILS', note: 'note', unknown: 'unknown' } as const;

/** The table of a preflight: all that is not as needed, worst first, and a line for the rest. */
export function preflightTable(findings: readonly Finding[]): string {
  const order = ['fails', 'unknown', 'note'] as const;
  const shown = order.flatMap((verdict) => findings.filter((finding) => finding.verdict === verdict));
  const counted = (['ok', ...order] as const)
    .map((verdict) => [findings.filter((finding) => finding.verdict === verdict).length, verdict] as const)
    .filter(([count]) => count > 0)
    .map(([count, verdict]) => `${count} ${words[verdict]}`);
  return table({
    head: ['', 'check', 'where', 'found', 'needed', 'what to do'],
    rows: [
      ...shown.map(({ verdict, check, where, found, needed, remedy = '' }) => [
        words[verdict],
        check,
        where,
        found,
        needed,
        remedy,
      ]),
      [`${findings.length} checks: ${counted.join(', ')}`],
    ],
  });
}
