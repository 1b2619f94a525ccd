import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { adoptionLevels, type AdoptionLevel, type Mode } from '@platform/libs/settings/adoption';
import type { StackDescription } from '@platform/libs/stack/estate-stack';
import type { Configuration } from '@platform/tools/model/configuration';
import type { PlanJson, ResourceChange } from '@platform/tools/model/plan';
import { previewStateFile } from '@platform/tools/terraform/preview-override';
import { PreviewSession } from '@platform/tools/actions/plan/preview-session';
import { writePreviewFolder } from '@platform/tools/actions/plan/preview-stack';
import type { UpstreamValues } from '@platform/tools/model/upstream-values';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { runInOrder } from '@platform/tools/workspace/run-in-order';
import { movedArguments, stateOfPlan, withMadeUpReferences } from '@platform/tools/model/state-of-plan';

/** What happens to one resource when a level changes. */
export interface LevelChange {
  readonly stack: string;
  readonly project: string;
  readonly address: string;
  readonly action: 'create' | 'update' | 'delete' | 'replace';
  /** Arguments that an update or a replacement moves. */
  readonly arguments: readonly string[];
}

/** A change from one level to the next or to the one before. */
export interface LevelStep {
  readonly from: AdoptionLevel;
  readonly to: AdoptionLevel;
  readonly changes: readonly LevelChange[];
}

/**
 * Types that are compared by their JSON and not planned: decoding the schema of a web ACL takes Terraform four seconds, in
 * each of the stacks that change most.
 */
const compared = /^aws_wafv2_/;

/** Data sources that Terraform answers by itself. */
const offline = /_(arn|iam_policy_document|partition|region|service_principal)$/;

/** A stack as it is at one level, ready to be planned. */
interface Variant extends StackDescription {
  readonly level: AdoptionLevel;
  readonly folder: string;
  readonly configuration: Configuration;
  /** What is not planned, by address. */
  readonly others: ReadonlyMap<string, string>;
  readonly upstream: ReadonlyMap<string, UpstreamValues>;
}

/**
 * Plans every step between two levels with the real Terraform and provider, offline: each stack that differs between them,
 * on the state that applying it at the first one would leave. Ups first, then downs.
 */
export async function planLevelSteps(root: string, dist: string, mode: Mode): Promise<LevelStep[]> {
  const steps = differingStacks(root, dist, mode);
  const changes = await planPairs(
    root,
    dist,
    steps.flatMap(({ pairs }) => pairs),
  );
  return steps.map(({ from, to, pairs }) => ({
    from,
    to,
    changes: pairs.flatMap((pair) => [
      ...changes.get(pair)!,
      ...comparedChanges(pair, pair.before.others, pair.after.others),
    ]),
  }));
}

/** The same by comparing what is synthesised, in seconds: what would be replaced is an update here. */
export function compareLevelSteps(root: string, dist: string, mode: Mode): LevelStep[] {
  return differingStacks(root, dist, mode).map(({ from, to, pairs }) => ({
    from,
    to,
    changes: pairs.flatMap((pair) => {
      const [before, after] = [pair.before, pair.after].map(
        ({ configuration, others }) => new Map([...blocksOf(configuration.resource), ...others]),
      );
      return comparedChanges(pair, before!, after!);
    }),
  }));
}

function differingStacks(root: string, dist: string, mode: Mode) {
  const levels = new Map(adoptionLevels.map((level) => [level, variantsAt(root, dist, level, mode)]));
  const up = adoptionLevels.slice(1).map((to, index) => ({ from: adoptionLevels[index]!, to }));
  return [...up, ...up.map(({ from, to }) => ({ from: to, to: from })).reverse()].map(({ from, to }) => ({
    from,
    to,
    pairs: levels
      .get(to)!
      .map((after): Pair => ({ after, before: levels.get(from)!.find(({ stack }) => stack === after.stack)! }))
      .filter(({ before, after }) => keyOf(before) !== keyOf(after)),
  }));
}

interface Pair {
  readonly before: Variant;
  readonly after: Variant;
}

async function planPairs(root: string, dist: string, pairs: readonly Pair[]): Promise<Map<Pair, LevelChange[]>> {
  const session = await PreviewSession.open({
    root,
    folder: dist,
    configuration: pairs[0]!.after.configuration,
    action: 'plan',
    sharedProvider: true,
  });
  const plan = async ({ stack }: Variant, folder: string, configuration: Configuration, worker: number) => {
    const { plan: made, errors } = await session.run(stack, folder, configuration, worker);
    if (!made) throw new Error(`${stack}: ${errors.join('\n')}`);
    return made;
  };
  const found = new Map<Pair, LevelChange[]>();
  const bySource = new Map<Variant, Pair[]>();
  for (const pair of pairs) {
    if (isEmpty(pair.before)) found.set(pair, changesOf(pair, everything(pair.after, 'create')));
    else if (isEmpty(pair.after)) found.set(pair, changesOf(pair, everything(pair.before, 'delete')));
    else bySource.set(pair.before, [...(bySource.get(pair.before) ?? []), pair]);
  }
  try {
    await runInOrder([...bySource], {
      name: ([{ stack, level }]) => `${stack} ${level}`,
      upstreams: () => [],
      workers: Math.min(availableParallelism(), 4),
      work: async ([before, targets], worker) => {
        const folder = join(dist, 'plans', before.level, before.stack);
        const configuration = writePreviewFolder(folder, before.folder, before.upstream);
        const schemas = await session.typeSchemas(before.stack, folder, configuration, worker);
        const settled = withMadeUpReferences(configuration, schemas);
        writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(settled));
        const created = await plan(before, folder, settled, worker);
        const made = stateOfPlan({ plan: created, configuration, schemas });
        // What a provider fills in by itself is known when it is planned for the second time.
        writeFileSync(join(folder, previewStateFile), JSON.stringify(made));
        writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(configuration));
        const filled = await plan(before, folder, configuration, worker);
        const state = JSON.stringify(stateOfPlan({ plan: filled, configuration, schemas, former: made }));
        for (const pair of targets) {
          const next = join(dist, 'plans', `${before.level}-${pair.after.level}`, before.stack);
          const nextConfiguration = writePreviewFolder(next, pair.after.folder, pair.after.upstream);
          writeFileSync(join(next, previewStateFile), state);
          found.set(pair, changesOf(pair, await plan(pair.after, next, nextConfiguration, worker)));
        }
      },
    });
  } finally {
    await session.close();
  }
  return found;
}

/** Without updates that move no argument: those of what only AWS knows. */
function changesOf(pair: Pair, { resource_changes = [] }: PlanJson): LevelChange[] {
  const { stack, project } = pair.after;
  return resource_changes
    .filter(({ mode, change: { actions } }) => mode === 'managed' && actions[0] !== 'no-op')
    .map((each): LevelChange => {
      const { actions } = each.change;
      const action = actions.length > 1 ? 'replace' : (actions[0] as LevelChange['action']);
      const moved =
        action === 'update' || action === 'replace' ? [...movedArguments(each), ...unknownArguments(pair, each)] : [];
      return { stack, project, address: each.address, action, arguments: moved };
    })
    .filter(({ action, arguments: moved }) => action !== 'update' || moved.length > 0);
}

/** Names of the arguments that are written otherwise than before, and whose values are not known before they are applied. */
function unknownArguments({ before, after }: Pair, { address, change }: ResourceChange): string[] {
  const [was, is] = [before, after].map(({ configuration }) => blockOf(configuration, address));
  const unknown = (change.after_unknown ?? {}) as Record<string, unknown>;
  return Object.keys(unknown).filter(
    (name) =>
      JSON.stringify(unknown[name]).includes('true') && JSON.stringify(was?.[name]) !== JSON.stringify(is?.[name]),
  );
}

function blockOf({ resource }: Configuration, address: string): Record<string, unknown> | undefined {
  const [type, name] = address.replace(/\[.*$/, '').split('.') as [string, string];
  return resource?.[type]?.[name];
}

function everything({ configuration }: Variant, action: 'create' | 'delete'): PlanJson {
  return {
    resource_changes: Object.entries(configuration.resource ?? {}).flatMap(([type, named]) =>
      Object.keys(named).map((name) => ({
        address: `${type}.${name}`,
        type,
        mode: 'managed' as const,
        change: { actions: [action] },
      })),
    ),
  };
}

function comparedChanges(
  { after: { stack, project } }: Pair,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): LevelChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((address): LevelChange[] => {
    const [old, now] = [before.get(address), after.get(address)];
    if (old === now) return [];
    if (old === undefined || now === undefined) {
      return [{ stack, project, address, action: old === undefined ? 'create' : 'delete', arguments: [] }];
    }
    const [from, to] = [old, now].map((text) => JSON.parse(text) as Record<string, unknown>);
    const moved = Object.keys(to!).filter(
      (name) => name !== 'depends_on' && JSON.stringify(to![name]) !== JSON.stringify(from![name]),
    );
    if (moved.length === 0) return [];
    return [{ stack, project, address, action: 'update', arguments: moved }];
  });
}

const isEmpty = ({ configuration }: Variant) => Object.keys(configuration.resource ?? {}).length === 0;

const keyOf = ({ configuration, others, upstream }: Variant) =>
  JSON.stringify([configuration, [...others], [...upstream].map(([name, values]) => [name, values])]);

/** Every stack at a level, without what is only compared, and with what it reads. */
function variantsAt(root: string, dist: string, level: AdoptionLevel, mode: Mode): Variant[] {
  const outdir = join(dist, 'synth', level);
  const { stacks } = synthesise({ root, estate: (loaded ??= loadEstate(root)), outdir, whatIf: { level, mode } });
  const read = (stack: string) => {
    const path = join(outdir, 'stacks', stack, 'cdk.tf.json');
    return withoutMetadata(JSON.parse(readFileSync(path, 'utf8'))) as Configuration;
  };
  const configurations = new Map(stacks.map(({ stack }) => [stack, read(stack)]));
  const promised = new Map(
    stacks.map(({ stack, contract }) => [
      stack,
      Object.fromEntries(
        Object.entries(contract.fields).map(([name, { example }]) => {
          const value = configurations.get(stack)!.output?.[name]?.value;
          const isKnown = value !== undefined && !JSON.stringify(value).includes('${');
          return [name, { value: isKnown ? value : example, source: isKnown ? 'planned' : 'example' } as const];
        }),
      ),
    ]),
  );
  return stacks.map((description) => {
    const { stack, reads } = description;
    const folder = join(outdir, 'stacks', stack);
    const { configuration, others } = withoutCompared(configurations.get(stack)!);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(configuration));
    const upstream = new Map(reads.map((name) => [name, promised.get(name)!]));
    return { ...description, level, folder, configuration, others, upstream };
  });
}

let loaded: ReturnType<typeof loadEstate> | undefined;

/** The JSON of each resource by address. */
function blocksOf(resource: Configuration['resource'] = {}): Map<string, string> {
  return new Map(
    Object.entries(resource).flatMap(([type, named]) =>
      Object.entries(named).map(([name, block]) => [`${type}.${name}`, JSON.stringify(block)] as const),
    ),
  );
}

function withoutCompared(configuration: Configuration): Pick<Variant, 'configuration' | 'others'> {
  const blocks = Object.entries(configuration.resource ?? {});
  const others = blocksOf(Object.fromEntries(blocks.filter(([type]) => compared.test(type))));
  // These are read while planning as soon as what they depend on is there.
  const asking = Object.keys(configuration.data ?? {}).filter((type) => type.startsWith('aws_') && !offline.test(type));
  const data = Object.entries(configuration.data ?? {}).filter(([type]) => !asking.includes(type));
  const kept = {
    ...configuration,
    data: Object.fromEntries(data),
    resource: Object.fromEntries(blocks.filter(([type]) => !compared.test(type))),
  };
  const text = JSON.stringify(kept)
    .replace(/\$\{aws_wafv2_\w+\.\w+\.\w+\}/g, 'arn:aws:wafv2:us-east-1:000000000000:x')
    .replace(/\bdata\.(aws_\w+)\.\w+\.(\w+)/g, (whole, type: string, attribute: string) =>
      asking.includes(type) ? `\\"${attribute.replaceAll('_', '-')}\\"` : whole,
    );
  return { configuration: JSON.parse(text) as Configuration, others };
}

/** cdktf's comments; they hold construct paths, which Terraform does not see. */
function withoutMetadata(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutMetadata);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inside]) => (key === '//' ? [] : [[key, withoutMetadata(inside)]])),
  );
}
