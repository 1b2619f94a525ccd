import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { PreviewSession } from '@platform/tools/actions/plan/preview-session';
import { planJsonFile, writePreviewFiles, writePreviewFolder } from '@platform/tools/actions/plan/preview-stack';
import { assumedInputs } from '@platform/tools/model/assumed-inputs';
import type { ChangeReason, EstateChange, StackChange, StackOutcome } from '@platform/tools/model/change';
import type { Configuration } from '@platform/tools/model/configuration';
import { headValues } from '@platform/tools/model/configured-values';
import type { PlanJson, ResourceChange } from '@platform/tools/model/plan';
import { asksAws, withoutReads } from '@platform/tools/model/state-of-plan';
import type { UpstreamValues } from '@platform/tools/model/upstream-values';
import { previewStateFile } from '@platform/tools/terraform/preview-override';
import { requiredProvider } from '@platform/tools/terraform/provider-source';
import type { ContentCache } from '@platform/tools/workspace/content-cache';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { compareRevisions, type ChangeOptions, type ComparedEstates } from './affected';
import { baseState, schemasOf, Unplannable } from './base-state';
import { upstreamDifferences, type StackPair, type StackSide } from './compare-estates';

/** Told of each stack as it goes. */
export interface ChangeProgress {
  /** Stacks that differ; more are planned where the plan of one changes what they read. */
  planned?(stacks: readonly string[]): void;
  started?(stack: string): void;
  finished?(stack: StackChange, seconds: number): void;
  note?(text: string): void;
}

export interface PlanChangeOptions extends ChangeOptions {
  /** Folder for the plans, one folder per stack: `<outdir>/<stack>/plan.json`. Emptied first. */
  readonly outdir: string;
  /** Where previews and states of base are kept. Default: every one is made. */
  readonly cache?: ContentCache;
  /** Plans at once; default: one per processor, at most 4, for a provider takes 560 MB. */
  readonly workers?: number;
  /** One running provider for many plans; default: unless `PLATFORM_SHARED_PROVIDER` is `off`. */
  readonly sharedProvider?: boolean;
  /** Called while the first provider starts, for work of this process that does not need it. Not called where none starts. */
  readonly meanwhile?: () => void;
  readonly progress?: ChangeProgress;
}

/**
 * What a change does, offline: each stack that differs between base and the files of the checkout is planned by the real
 * provider on the state that a deploy of base would leave. A stack that cannot be planned has its errors; the others are
 * planned all the same.
 * @throws WrongUse where the clone lacks the base, or the checkout does not synthesise
 */
export async function planChange(options: PlanChangeOptions): Promise<EstateChange> {
  return planPairs(await compareRevisions(options), options);
}

/** The same for two estates that are synthesised already. */
export async function planPairs(compared: ComparedEstates, options: PlanChangeOptions): Promise<EstateChange> {
  const { base, head, pairs, nx } = compared;
  const { environment, level, mode } = head.manifest;
  const run = new ChangeRun(options);
  try {
    return {
      environment,
      level,
      mode,
      base,
      head: {},
      source: 'preview',
      ...(nx ? { nx } : {}),
      stacks: await run.plan(pairs, environment),
    };
  } finally {
    await run.close();
  }
}

class ChangeRun {
  private readonly sessions = new Map<string, Promise<PreviewSession>>();
  /** Outputs that head gives to its readers, by stack. */
  private readonly given = new Map<string, UpstreamValues>();
  private isStarting = false;

  constructor(private readonly options: PlanChangeOptions) {}

  async plan(pairs: readonly StackPair[], environment: string): Promise<StackChange[]> {
    const { outdir, signal, progress } = this.options;
    rmSync(outdir, { recursive: true, force: true });
    mkdirSync(outdir, { recursive: true });
    progress?.planned?.(pairs.filter(({ reasons }) => reasons.length > 0).map(({ stack }) => stack));
    const before = new Map(pairs.flatMap(({ stack, base }) => (base ? [[stack, base.values] as const] : [])));
    const done = new Map<string, StackChange>();
    await runInOrder(pairs, {
      name: ({ stack }) => stack,
      upstreams: ({ head }) => head?.description.reads ?? [],
      workers: this.options.workers ?? Math.max(1, Math.min(availableParallelism(), 4)),
      ...(signal ? { stop: signal } : {}),
      work: async (pair, worker) => {
        const started = performance.now();
        const reasons = this.reasonsOf(pair, before);
        if (reasons.length > 0) progress?.started?.(pair.stack);
        const outcome = reasons.length > 0 ? await this.outcomeOf(pair, before, worker) : unchanged;
        if (signal?.aborted) return;
        this.publish(pair, outcome);
        const change = changeOf(pair, environment, reasons, outcome);
        done.set(pair.stack, change);
        if (reasons.length > 0) progress?.finished?.(change, (performance.now() - started) / 1000);
      },
    });
    signal?.throwIfAborted();
    return pairs.map(({ stack }) => done.get(stack)!);
  }

  async close(): Promise<void> {
    const closed = [...this.sessions.values()].map((session) =>
      session.then(
        (opened) => opened.close(),
        () => undefined,
      ),
    );
    await Promise.all(closed);
  }

  /** The differences that the code shows, and those of outputs that the plans of upstream stacks change. */
  private reasonsOf({ base, head, reasons }: StackPair, before: ReadonlyMap<string, UpstreamValues>): ChangeReason[] {
    if (!base || !head) return [...reasons];
    const planned = upstreamDifferences(
      head,
      (name) => before.get(name),
      (name) => this.given.get(name),
    );
    const known = new Set(reasons.map(({ address }) => address));
    return [...reasons, ...planned.filter(({ address }) => !known.has(address))];
  }

  /** Remembers what head gives to its readers. */
  private publish({ stack, base, head }: StackPair, outcome: StackOutcome): void {
    if (!head) return;
    const { contract } = head.description;
    const configured = head.values;
    this.given.set(
      stack,
      outcome.status === 'planned'
        ? headValues({ contract, plan: outcome.plan, configured, ...(base ? { base: base.values } : {}) })
        : configured,
    );
  }

  private async outcomeOf(
    pair: StackPair,
    before: ReadonlyMap<string, UpstreamValues>,
    worker: number,
  ): Promise<StackOutcome> {
    let side: 'base' | 'head' = 'base';
    try {
      const left = pair.base && (await this.stateLeftBy(pair.base, before, worker));
      side = 'head';
      return await this.planHead(pair, left, worker);
    } catch (error) {
      if (this.options.signal?.aborted) throw error;
      const errors = error instanceof Unplannable ? error.errors : [(error as Error).message];
      return { status: 'failed', side, errors };
    }
  }

  private async stateLeftBy(base: StackSide, before: ReadonlyMap<string, UpstreamValues>, worker: number) {
    const { stack } = base.description;
    const folder = join(this.options.outdir, stack, 'base');
    const configuration = writePreviewFolder(folder, base.folder, readBy(base, before));
    const session = await this.sessionFor(configuration);
    return baseState(session, { stack, folder, configuration, worker });
  }

  private async planHead(
    { stack, base, head }: StackPair,
    left: Awaited<ReturnType<typeof baseState>> | undefined,
    worker: number,
  ): Promise<StackOutcome> {
    const folder = join(this.options.outdir, stack);
    const upstream = head ? readBy(head, this.given) : new Map<string, UpstreamValues>();
    const plannedFolder = join(folder, 'head');
    const written = head
      ? writePreviewFolder(plannedFolder, head.folder, upstream)
      : writeEmptied(plannedFolder, base!.configuration);
    const session = await this.sessionFor(written);
    let configuration = written;
    if (left) writeFileSync(join(plannedFolder, previewStateFile), JSON.stringify(left.state));
    if (left && asksAws(configuration)) {
      const schemas = await schemasOf(session, { stack, folder: plannedFolder, configuration, worker });
      configuration = withoutReads(configuration, schemas);
    }
    if (configuration !== written) {
      const { import: _imports, ...planned } = configuration;
      writeFileSync(join(plannedFolder, 'cdk.tf.json'), JSON.stringify(planned));
    }
    const { plan, errors, warnings, cached = false } = await session.run(stack, plannedFolder, configuration, worker);
    if (!plan) throw new Unplannable(errors);
    const cleaned = left ? withoutNoise(plan, left.noise) : plan;
    const planFile = join(folder, planJsonFile);
    writeFileSync(planFile, JSON.stringify(cleaned));
    const assumed = head ? assumedInputs(head.configuration, upstream) : [];
    return { status: 'planned', plan: cleaned, planFile, assumed, warnings, cached };
  }

  /** One session for each version of the provider: base and head may ask for different ones. */
  private sessionFor(configuration: Configuration): Promise<PreviewSession> {
    const { root, outdir, cache, signal, progress } = this.options;
    const version = JSON.stringify(requiredProvider(configuration));
    const known = this.sessions.get(version);
    if (known) return known;
    const opened = PreviewSession.open({
      root,
      configuration,
      folder: outdir,
      action: 'plan',
      sharedProvider: this.options.sharedProvider ?? process.env['PLATFORM_SHARED_PROVIDER'] !== 'off',
      ...(cache ? { cache } : {}),
      ...(signal ? { signal } : {}),
      ...(progress?.note ? { note: (text: string) => progress.note!(text) } : {}),
      starting: () => {
        // Once: later, plans run whose calls this process passes on.
        const isFirst = !this.isStarting;
        this.isStarting = true;
        if (isFirst) this.options.meanwhile?.();
      },
    });
    this.sessions.set(version, opened);
    return opened;
  }
}

const unchanged: StackOutcome = { status: 'unchanged' };

function readBy({ description }: StackSide, values: ReadonlyMap<string, UpstreamValues>): Map<string, UpstreamValues> {
  return new Map(description.reads.map((name) => [name, values.get(name) ?? {}]));
}

function changeOf(
  { stack, base, head }: StackPair,
  environment: string,
  reasons: readonly ChangeReason[],
  outcome: StackOutcome,
): StackChange {
  const { description, configuration } = (head ?? base)!;
  const [account] = (configuration.provider?.['aws']?.[0]?.['allowed_account_ids'] ?? []) as readonly string[];
  return {
    stack,
    project: description.project,
    owner: description.owner,
    environment,
    region: description.region,
    awsRegion: description.awsRegion,
    account: description.account,
    accountId: account ?? '',
    presence: base && head ? 'both' : head ? 'new' : 'removed',
    description,
    ...(base ? { baseFolder: base.folder } : {}),
    ...(head ? { headFolder: head.folder } : {}),
    reasons,
    outcome,
  };
}

/** Prepares a folder for the plan of a stack whose project is removed: its providers are left of it. */
function writeEmptied(folder: string, { terraform, provider }: Configuration): Configuration {
  mkdirSync(folder, { recursive: true });
  const left = { ...(terraform ? { terraform } : {}), ...(provider ? { provider } : {}) };
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(left));
  return writePreviewFiles(folder, new Map());
}

/** A plan without the changes that a plan of base itself has on the same state. */
function withoutNoise(plan: PlanJson, noise: readonly ResourceChange[]): PlanJson {
  if (noise.length === 0) return plan;
  const known = new Map(noise.map((each) => [each.address, differing(each)]));
  return {
    ...plan,
    ...(plan.resource_changes
      ? {
          resource_changes: plan.resource_changes.map((each) => {
            const names = known.get(each.address);
            const isNoise =
              names && each.change.actions.join() === 'update' && differing(each).every((name) => names.includes(name));
            if (!isNoise) return each;
            return {
              ...each,
              change: { ...each.change, actions: ['no-op'], after: each.change.before, after_unknown: {} },
            };
          }),
        }
      : {}),
  };
}

/** Names of the arguments that a change gives another value, or one that is not known. */
function differing({ change }: ResourceChange): string[] {
  const side = (value: unknown) => (value ?? {}) as Readonly<Record<string, unknown>>;
  const [before, after, unknown] = [side(change.before), side(change.after), side(change.after_unknown)];
  const names = new Set([before, after, unknown].flatMap((each) => Object.keys(each)));
  return [...names].filter(
    (name) =>
      JSON.stringify(before[name] ?? null) !== JSON.stringify(after[name] ?? null) ||
      JSON.stringify(unknown[name] ?? false).includes('true'),
  );
}
