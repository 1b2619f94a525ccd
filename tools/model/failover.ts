/** What can be done about a failover. `back` returns to the primary region of the settings. */
export const failoverActions = ['status', 'plan', 'run', 'back'] as const;
export type FailoverAction = (typeof failoverActions)[number];

/** Something that was asked of AWS: its answer, or why there is none. */
export type Answer<T> = { readonly value: T } | { readonly unknown: string };

/** The value of an answer; undefined where there is none. */
export function valueOf<T>(answer: Answer<T>): T | undefined {
  return 'value' in answer ? answer.value : undefined;
}

/** A region's member of the database. */
export interface MemberView {
  readonly arn: string;
  /** Whether it takes writes now. */
  readonly writer: boolean;
  /** RDS's word, such as `available`. */
  readonly status: string;
  /** Instances that answer; 0 for a member that keeps its storage only. */
  readonly instances: number;
  /** How far it is behind the writer, in milliseconds. Absent for the writer, and where nothing was measured lately. */
  readonly lagMs?: number;
}

/** A move of the writer that RDS has begun. */
export interface WriterMove {
  readonly kind: 'switchover' | 'failover';
  /** ARN of the member that becomes the writer. */
  readonly to: string;
}

/** The database over all regions, as any of its regions reports it. */
export interface DatabaseView {
  /** Identifier of the global cluster; absent for RDS for PostgreSQL. */
  readonly globalClusterId?: string;
  /** RDS's word. */
  readonly status: string;
  readonly move?: WriterMove;
  /** By region key. */
  readonly members: Readonly<Record<string, MemberView>>;
}

/** Instances that serve requests. */
export interface FleetView {
  /** The same in every region: `prod-app-blue`. */
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly desired: number;
  readonly inService: number;
}

/** A region's endpoint group of an accelerator. */
export interface EndpointView {
  readonly groupArn: string;
  /** 0–100. */
  readonly dialPercent: number;
  /** 0–255; 0 keeps the region without traffic, in failovers too. */
  readonly weight: number;
  /** Global Accelerator's word: `HEALTHY`, `UNHEALTHY`, `INITIAL`. */
  readonly health: string;
}

/** What is known of one region. */
export interface RegionView {
  readonly key: string;
  readonly awsRegion: string;
  readonly fleets: Answer<readonly FleetView[]>;
  /** Whether its latch is engaged; it is read in the region that it fails over to. Absent without latches. */
  readonly latched?: Answer<boolean>;
  /** AWS region of its latch. */
  readonly latchRegion: string;
  /** By accelerator, one for each application: `prod`, `prod-shop`. Absent below level `accelerated`. */
  readonly endpoints?: Readonly<Record<string, Answer<EndpointView>>>;
}

/** The estate as a person sees it who has to decide about a failover. */
export interface FailoverView {
  readonly regions: readonly RegionView[];
  readonly database: Answer<DatabaseView>;
}

/** One call, and what it is for. */
export type FailoverStep =
  | {
      readonly kind: 'raise-fleet';
      /** Key of the region. */
      readonly region: string;
      readonly fleet: string;
      readonly to: number;
    }
  | {
      readonly kind: 'move-writer';
      readonly region: string;
      /** `switchover` loses nothing and needs both regions; `failover` loses what was not replicated; `promote` cannot be undone. */
      readonly how: 'switchover' | 'failover' | 'promote';
      readonly globalClusterId?: string;
      /** ARN of the member that becomes the writer. */
      readonly member: string;
      /** RDS has begun it: it is only waited for. */
      readonly begun?: true;
    }
  | { readonly kind: 'latch' | 'release'; readonly region: string; readonly latchRegion: string }
  | {
      readonly kind: 'weight';
      readonly region: string;
      readonly accelerator: string;
      readonly groupArn: string;
      readonly to: number;
    };

export interface FailoverPlan {
  readonly to: string;
  /** In order. Steps whose effect is there already are left out. */
  readonly steps: readonly FailoverStep[];
  /** Why nothing may be done. */
  readonly blockers: readonly string[];
  /** What a person should know before. */
  readonly notes: readonly string[];
  /** What may be lost, in milliseconds of writes. 0 for a switchover; undefined where the lag is unknown. */
  readonly lossMs: number | undefined;
}

export interface FailoverRequest {
  /** Key of the region that takes over. */
  readonly to: string;
  /** Key of the region that is lost: nothing is asked of it. */
  readonly lost?: string;
  /** Whether writes may be lost. Needed for the writer where a region is lost. */
  readonly allowDataLoss: boolean;
  /**
   * Keys of the regions that must get no traffic while `to` has it. Empty where all regions take traffic, or for the
   * return to normal.
   */
  readonly withoutTraffic: readonly string[];
  /** Whether all other regions get their traffic too: the return to normal. */
  readonly toNormal?: true;
  /** Fewest instances by fleet that a region with the traffic needs, where no other region says how many run. */
  readonly least: Readonly<Record<string, number>>;
}

/** Weight of an endpoint that takes part (Global Accelerator developer guide, "Endpoint weights": the default). */
export const servingWeight = 128;

/**
 * Decides what moves the writer and the traffic to a region: fleets first, then the writer, then traffic, so that no
 * request meets a region that cannot answer it. Every step is a call that needs neither the lost region nor Route 53's
 * control plane. Planned again after a kill, it gives what is left to do.
 */
export function planFailover(view: FailoverView, request: FailoverRequest): FailoverPlan {
  const { to, lost } = request;
  const blockers: string[] = [];
  const notes: string[] = [];
  const target = view.regions.find(({ key }) => key === to)!;
  if (request.toNormal) blockers.push(...view.regions.filter(({ key }) => key !== to).flatMap(illness));
  if (to === lost) blockers.push(`${to}: it is the region that is lost; choose another one with --to`);
  const steps = [
    ...raiseFleets(view, target, request, blockers, notes),
    ...moveWriter(view, request, blockers, notes),
    ...moveTraffic(view, target, request, blockers, notes),
  ];
  const writer = steps.find((step) => step.kind === 'move-writer');
  return { to, steps, blockers, notes, lossMs: writer ? lossOf(writer, view) : 0 };
}

/**
 * Whether a plan that a person has confirmed shows a step. Another way to move the writer can lose writes or cannot be
 * undone; all other steps serve the region that was confirmed, and can be taken back.
 */
export function isConfirmed(step: FailoverStep, confirmed: FailoverPlan): boolean {
  return (
    step.kind !== 'move-writer' ||
    step.begun === true ||
    confirmed.steps.some((each) => each.kind === 'move-writer' && each.how === step.how && each.member === step.member)
  );
}

/** Why a region cannot be part of the normal operation: what it does not tell. */
function illness({ key, fleets, latched }: RegionView): string[] {
  return [
    ...('unknown' in fleets
      ? [`${key}: its fleets are unknown: ${fleets.unknown}; return when all regions are well`]
      : []),
    ...(latched && 'unknown' in latched ? [`${key}: its latch is unknown: ${latched.unknown}`] : []),
  ];
}

function lossOf(step: FailoverStep & { kind: 'move-writer' }, view: FailoverView): number | undefined {
  return step.how === 'switchover' ? 0 : valueOf(view.database)?.members[step.region]?.lagMs;
}

function raiseFleets(
  view: FailoverView,
  target: RegionView,
  { lost, least }: FailoverRequest,
  blockers: string[],
  notes: string[],
): FailoverStep[] {
  if ('unknown' in target.fleets) {
    blockers.push(`${target.key}: its fleets are unknown: ${target.fleets.unknown}`);
    return [];
  }
  const others = view.regions.filter(({ key }) => key !== target.key && key !== lost);
  const steps: FailoverStep[] = [];
  for (const fleet of target.fleets.value) {
    // A lost region can still report instances that do not answer, so it is not asked.
    const elsewhere = others.flatMap(({ fleets }) => valueOf(fleets)?.filter(({ name }) => name === fleet.name) ?? []);
    const wanted = Math.max(least[fleet.name] ?? 0, ...elsewhere.map(({ desired }) => desired));
    const possible = Math.min(wanted, fleet.max);
    if (possible < wanted) {
      notes.push(
        `${target.key}: ${fleet.name} may have ${fleet.max} instances, and ${wanted} are wanted; raise its maximum`,
      );
    }
    if (fleet.desired < possible) {
      steps.push({ kind: 'raise-fleet', region: target.key, fleet: fleet.name, to: possible });
    }
  }
  const running = target.fleets.value.reduce((sum, { inService }) => sum + inService, 0);
  if (running === 0 && steps.length === 0) {
    blockers.push(`${target.key}: no instance of the application is in service there`);
  }
  return steps;
}

function moveWriter(
  view: FailoverView,
  { to, lost, allowDataLoss }: FailoverRequest,
  blockers: string[],
  notes: string[],
): FailoverStep[] {
  if ('unknown' in view.database) {
    blockers.push(`the database is unknown: ${view.database.unknown}`);
    return [];
  }
  const { members, globalClusterId, move } = view.database.value;
  const member = members[to];
  if (!member) {
    blockers.push(`${to}: it has no member of the database`);
    return [];
  }
  if (move && move.to !== member.arn) {
    blockers.push(`RDS moves the writer to ${move.to} now (${move.kind}); wait until it has ended`);
    return [];
  }
  const writers = Object.keys(members).filter((key) => members[key]!.writer);
  const [from] = writers;
  if (writers.length > 1) {
    blockers.push(
      `${writers.join(' and ')} both take writes, so one of them has old data; keep that one lost with --lost, or make it a replica of the other`,
    );
    return [];
  }
  if (member.writer && !move) {
    // RDS for PostgreSQL tells of itself only: an old writer that is back looks like the newest one.
    if (globalClusterId === undefined && lost !== undefined && !allowDataLoss) {
      blockers.push(
        `${to}: it takes writes, and only ${lost} tells whether it has newer ones; add --allow-data-loss to accept their loss`,
      );
    }
    return [];
  }
  const isLost = from === undefined || from === lost;
  const step = {
    kind: 'move-writer',
    region: to,
    how: globalClusterId === undefined ? 'promote' : isLost ? 'failover' : 'switchover',
    ...(globalClusterId === undefined ? {} : { globalClusterId }),
    member: member.arn,
  } as const;
  if (move) return [{ ...step, begun: true }];
  if (member.instances === 0) {
    blockers.push(
      `${to}: its member of the database has no instance; raise dataStores.database.instances.standby, or add one in RDS`,
    );
  }
  if (member.status !== 'available') blockers.push(`${to}: its member of the database is ${member.status}`);
  if (step.how === 'promote') {
    if (!isLost) {
      blockers.push(
        `${from}: it takes writes, and a promotion would make a second writer; stop what writes to it, then add --lost ${from}`,
      );
    }
    notes.push('a promoted replica cannot become a replica again: the other region needs a new one afterwards');
  }
  if (step.how !== 'switchover' && !allowDataLoss) {
    const lag = member.lagMs === undefined ? 'an unknown part' : `about the last ${Math.ceil(member.lagMs / 1000)} s`;
    blockers.push(`${to}: a failover loses ${lag} of the writes; add --allow-data-loss to accept that`);
  }
  if (lost === undefined && from !== undefined && step.how === 'switchover') {
    const source = members[from]!;
    if (source.status !== 'available') {
      blockers.push(
        `${from}: its member of the database is ${source.status}, and a switchover needs it; if the region is lost, add --lost ${from}`,
      );
    }
  }
  return [step];
}

function moveTraffic(
  view: FailoverView,
  target: RegionView,
  { withoutTraffic, toNormal }: FailoverRequest,
  blockers: string[],
  notes: string[],
): FailoverStep[] {
  if (target.latched && 'unknown' in target.latched) {
    const unknown = `${target.key}: its latch is unknown: ${target.latched.unknown}`;
    if (toNormal) blockers.push(unknown);
    else
      notes.push(`${unknown}; if it is engaged, ${target.key} gets no traffic by records before that region answers`);
  }
  const kept = view.regions.filter(({ key }) => withoutTraffic.includes(key));
  const others = toNormal ? view.regions.filter((region) => region !== target && !kept.includes(region)) : [];
  for (const { key, latched } of kept) {
    if (!latched) {
      notes.push(`${key}: it has no latch (edge.failback: automatic), so its traffic returns when it answers`);
    } else if ('unknown' in latched) blockers.push(`${key}: its latch is unknown: ${latched.unknown}`);
  }
  for (const { key, endpoints = {} } of [target, ...others, ...kept]) {
    for (const [accelerator, endpoint] of Object.entries(endpoints)) {
      if ('unknown' in endpoint) {
        notes.push(`${key}: its endpoint at the accelerator ${accelerator} is unknown: ${endpoint.unknown}`);
      }
    }
  }
  // The target is let in before others are kept out: with no region left, Route 53 and the accelerator use all.
  return [...[target, ...others].flatMap(letIn), ...kept.flatMap(keepOut)];
}

/** What keeps a region without traffic: its latch, and its weight at each accelerator. Steps whose effect is there are left out. */
export function keepOut(region: RegionView): FailoverStep[] {
  const { key, latchRegion, latched } = region;
  return [
    ...(latched && valueOf(latched) === false ? [{ kind: 'latch', region: key, latchRegion } as const] : []),
    ...weigh(region, 0),
  ];
}

/** What gives a region its traffic. Steps whose effect is there are left out. */
export function letIn(region: RegionView): FailoverStep[] {
  const { key, latchRegion, latched } = region;
  return [
    ...(latched && valueOf(latched) === true ? [{ kind: 'release', region: key, latchRegion } as const] : []),
    ...weigh(region, servingWeight),
  ];
}

function weigh({ key, endpoints = {} }: RegionView, to: number): FailoverStep[] {
  return Object.entries(endpoints).flatMap(([accelerator, endpoint]) => {
    if ('unknown' in endpoint) return [];
    const { weight, groupArn } = endpoint.value;
    return (weight === 0) === (to === 0) ? [] : [{ kind: 'weight', region: key, accelerator, groupArn, to } as const];
  });
}
