import type { EstateMap, MapStack } from '@platform/tools/model/estate-map';
import type { Counts, Finding, ResourceEntry, Review, ReviewStack } from '@platform/tools/model/review';

const owners = ['application', 'data', 'edge', 'network', 'payments', 'platform', 'search'];
const none: Counts = { import: 0, add: 0, change: 0, destroy: 0, replace: 0, move: 0, forget: 0, drift: 0 };

/** An estate with as many stacks more as are asked for, spread over its regions, as teams add them. */
export function growMap(map: EstateMap, more: number): EstateMap {
  const regions = map.regions.map(({ key }) => key);
  const added = Array.from({ length: more }, (_, index): MapStack => {
    const region = regions[index % regions.length]!;
    const number = String(Math.floor(index / regions.length)).padStart(3, '0');
    const name = index % 3 === 0 ? `service-${number}-whose-name-is-too-long` : `service-${number}`;
    return {
      stack: `region-${region}-${name}`,
      project: `region-${region}/${name}`,
      region,
      owner: owners[index % owners.length]!,
      account: 'workload',
      reads: [`region-${region}-vpc`],
      resources: 12,
    };
  });
  return { ...map, stacks: [...map.stacks, ...added] };
}

/** What a test wants to happen to a stack. */
export interface Wanted {
  readonly resources?: readonly Partial<ResourceEntry>[];
  readonly status?: ReviewStack['status'];
  readonly errors?: readonly string[];
  readonly assumed?: ReviewStack['assumed'];
}

/** A review in which the stacks named change as given, and all others do not. */
export function reviewOf(
  map: EstateMap,
  wanted: Readonly<Record<string, Wanted>>,
  findings: readonly Partial<Finding>[] = [],
): Review {
  const stacks = map.stacks.map((stack): ReviewStack => {
    const { resources = [], errors = [], assumed = [], status } = wanted[stack.stack] ?? {};
    const entries = resources.map((entry): ResourceEntry => ({ ...resourceDefaults, ...entry }));
    return {
      stack: stack.stack,
      project: stack.project,
      region: stack.region,
      awsRegion: map.regions.find(({ key }) => key === stack.region)?.awsRegion ?? null,
      owner: stack.owner,
      account: stack.account,
      reads: stack.reads,
      status: status ?? (entries.length > 0 ? 'changed' : 'unchanged'),
      reasons: entries.slice(0, 1).map(({ address }) => `${address} differs`),
      source: null,
      terraform: '1.14.0',
      counts: countsOf(entries),
      resources: entries,
      drift: [],
      outputs: [],
      checks: [],
      assumed,
      errors,
      warnings: [],
      cost: null,
      inventory: [],
    };
  });
  const whole = findings.map((each): Finding => {
    const stack = map.stacks.find(({ stack: name }) => name === each.where?.stack);
    return { ...findingDefaults, region: stack?.region ?? null, owner: stack?.owner ?? null, ...each };
  });
  const changed = stacks.filter(({ status }) => status !== 'unchanged');
  return {
    format: 1,
    environment: map.environment,
    level: map.level,
    mode: map.mode,
    target: 'preview',
    base: { ref: 'main', commit: '0123456789abcdef0123456789abcdef01234567' },
    head: { commit: 'fedcba9876543210fedcba9876543210fedcba98', dirty: true },
    verdict: whole.some(({ level }) => level === 'block') ? 'blocked' : changed.length > 0 ? 'changes' : 'no changes',
    counts: sumOf(stacks.map(({ counts }) => counts)),
    stacks,
    groups: [],
    findings: whole,
    approvals: [...new Set(changed.flatMap(({ owner }) => owner ?? []))].sort().map((owner) => ({
      owner,
      team: `@example/${owner}`,
      stacks: changed.filter((stack) => stack.owner === owner).map(({ stack }) => stack),
      findings: whole.filter((each) => each.owner === owner && each.level !== 'note').length,
    })),
    reachability: null,
    resilience: null,
    parity: [],
    cost: null,
    affected: null,
    assumptions: [],
  };
}

const resourceDefaults: ResourceEntry = {
  address: 'aws_vpc.Network',
  type: 'aws_vpc',
  mode: 'managed',
  deposed: null,
  action: 'update',
  createFirst: false,
  reason: null,
  forcedBy: [],
  movedFrom: null,
  imported: null,
  stateful: null,
  changes: [],
};

const findingDefaults: Finding = {
  rule: 'rule',
  level: 'warn',
  what: 'what',
  why: 'why',
  remedy: 'remedy',
  where: { stack: null, address: null, argument: null },
  region: null,
  owner: null,
  waiver: null,
};

function countsOf(entries: readonly ResourceEntry[]): Counts {
  const count = (...actions: readonly ResourceEntry['action'][]) =>
    entries.filter(({ action }) => actions.includes(action)).length;
  return {
    ...none,
    add: count('create', 'replace'),
    change: count('update'),
    destroy: count('delete', 'replace'),
    replace: count('replace'),
    move: count('move'),
    import: count('import'),
  };
}

function sumOf(all: readonly Counts[]): Counts {
  const sum: Record<keyof Counts, number> = { ...none };
  for (const counts of all) for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key];
  return sum;
}
