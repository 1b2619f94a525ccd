import { argumentChanges, wholeChange } from './argument-changes';
import { driftOf, operationalMeaning } from './drift-classes';
import { entryOf, type PlanJson, type ResourceChange } from './plan';
import type { CheckEntry, Counts, DriftEntry, OutputEntry, ResourceEntry, ReviewStack } from './review';
import { secretsOf, withoutSecrets } from './secrets';
import { statefulTypes } from './stateful-types';

/** What a review says of one plan. */
export type PlanReview = Pick<
  ReviewStack,
  'counts' | 'resources' | 'drift' | 'outputs' | 'checks' | 'warnings' | 'inventory' | 'terraform'
>;

export const noCounts: Counts = {
  import: 0,
  add: 0,
  change: 0,
  destroy: 0,
  replace: 0,
  move: 0,
  forget: 0,
  drift: 0,
};

/** Reads a plan without printing a sensitive value of it anywhere. */
export function reviewPlan(plan: PlanJson): PlanReview {
  const changes = plan.resource_changes ?? [];
  const given = givenArguments(plan);
  const resources = changes.flatMap((resource) => resourceEntry(resource, given) ?? []);
  const drift = driftEntries(plan);
  const { counts, unknownActions } = count(changes);
  const review: PlanReview = {
    terraform: plan.terraform_version ?? null,
    counts: { ...counts, drift: drift.length },
    resources,
    drift,
    outputs: outputEntries(plan),
    checks: checkEntries(plan),
    warnings: [
      ...(plan.errored ? ['Terraform stopped with an error while it planned: the plan is incomplete'] : []),
      ...listed('Terraform defers changes until more is known: ', deferredIn(plan)),
      ...listed(
        'the apply invokes actions: ',
        (plan.action_invocations ?? []).flatMap(({ address }) => address ?? []),
      ),
      ...unknownActions.map((word) => `the plan has the action "${word}", which this review does not know`),
    ],
    inventory: changes
      .filter(({ change, deposed }) => deposed === undefined && !removes(change.actions))
      .filter(isManaged)
      .map(({ address, type }) => ({ address, type })),
  };
  return withoutSecrets(review, secretsOf(plan));
}

const deferredIn = ({ deferred_changes = [] }: PlanJson) =>
  deferred_changes.flatMap(({ resource_change }) => resource_change?.address ?? []);

const listed = (what: string, addresses: readonly string[]) =>
  addresses.length > 0 ? [`${what}${addresses.join(', ')}`] : [];

export function addCounts(all: readonly Counts[]): Counts {
  const names = Object.keys(noCounts) as (keyof Counts)[];
  return Object.fromEntries(names.map((name) => [name, all.reduce((sum, counts) => sum + counts[name], 0)])) as Counts;
}

/** `Plan: 2 to add, 0 to change, 1 to destroy.`, in Terraform's words and numbers. */
export function countsLine({ import: imported, add, change, destroy, forget }: Counts): string {
  const parts = [
    ...(imported > 0 ? [`${imported} to import`] : []),
    `${add} to add`,
    `${change} to change`,
    `${destroy} to destroy`,
    ...(forget > 0 ? [`${forget} to forget`] : []),
  ];
  return `Plan: ${parts.join(', ')}.`;
}

const removes = (actions: readonly string[]) => actions.length === 1 && ['delete', 'forget'].includes(actions[0]!);

const isManaged = ({ mode, address }: Pick<ResourceChange, 'mode' | 'address'>) =>
  mode === undefined ? !/(^|\.)data\./.test(address) : mode === 'managed';

const words = new Set(['no-op', 'create', 'read', 'update', 'delete', 'forget', 'open', 'close', 'renew']);

/**
 * As Terraform counts in its last line: a replacement is added and destroyed, what is read or only moves is not counted
 * (Terraform, `internal/command/jsonformat/plan.go` and `views/hook_count.go`).
 */
function count(changes: readonly ResourceChange[]): { counts: Counts; unknownActions: string[] } {
  const counts: Record<keyof Counts, number> = { ...noCounts };
  const unknown = new Set<string>();
  for (const resource of changes) {
    const { actions } = resource.change;
    for (const action of actions) if (!words.has(action)) unknown.add(action.replace(/[^\w-]+/g, ' ').slice(0, 40));
    if (!isManaged(resource)) continue;
    if (resource.change.importing !== undefined && resource.change.importing !== null) counts.import++;
    if (actions.includes('create')) counts.add++;
    if (actions.includes('update')) counts.change++;
    if (actions.includes('delete')) counts.destroy++;
    if (actions.includes('forget')) counts.forget++;
    if (actions.includes('create') && actions.includes('delete')) counts.replace++;
    if (actionOf(resource) === 'move') counts.move++;
  }
  return { counts, unknownActions: [...unknown] };
}

/** Undefined for what stays as it is. */
export function actionOf(resource: ResourceChange): ResourceEntry['action'] | undefined {
  const { change, previous_address, address } = resource;
  const { actions } = change;
  if (!isManaged(resource)) return actions.includes('read') ? 'read' : undefined;
  if (actions.includes('create')) return actions.length > 1 ? 'replace' : 'create';
  if (actions.includes('delete')) return 'delete';
  if (actions.includes('update')) return 'update';
  if (actions.includes('forget')) return 'forget';
  if (change.importing !== undefined && change.importing !== null) return 'import';
  return previous_address && previous_address !== address ? 'move' : undefined;
}

/** Terraform, JSON output format, "action_reason". */
const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: 'it is tainted',
  replace_because_cannot_update: 'an argument cannot be changed in place',
  replace_by_request: 'requested by -replace',
  replace_by_triggers: 'replace_triggered_by names something that changes',
  delete_because_no_resource_config: 'it is not in the configuration any more',
  delete_because_no_module: 'its module is not in the configuration any more',
  delete_because_wrong_repetition: 'count or for_each was added or removed',
  delete_because_count_index: 'its index is beyond count',
  delete_because_each_key: 'its key is not in for_each any more',
  delete_because_no_move_target: 'a moved block names a resource that does not exist',
  read_because_config_unknown: 'its arguments are only known after the apply',
  read_because_dependency_pending: 'it depends on something that changes',
  read_because_check_nested: 'a check block reads it',
};

function resourceEntry(resource: ResourceChange, given: GivenArguments): ResourceEntry | undefined {
  const { address, type, deposed, action_reason, change, previous_address } = resource;
  const action = actionOf(resource);
  if (action === undefined) return undefined;
  const importing = change.importing as { readonly id?: unknown } | null | undefined;
  const named = given(address);
  // Of something new, what the configuration says, and not what only the provider tells.
  const isTold = (path: string) => named === undefined || named.has(path.split(/[.[]/, 1)[0]!);
  const changes = argumentChanges(change).filter(({ path, marks, before, after }) => {
    if (action === 'delete' || action === 'forget') return false;
    if (before === null && after === null) return false;
    const isNew = action === 'create' || action === 'replace' || action === 'read';
    return !isNew || !marks.includes('unknown') || marks.includes('forces replacement') || isTold(path);
  });
  const isReplaced = action === 'replace';
  const forcedBy = isReplaced
    ? (change.replace_paths ?? []).map((path) =>
        path.reduce<string>(
          (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`),
          '',
        ),
      )
    : [];
  return {
    address,
    type,
    mode: isManaged(resource) ? 'managed' : 'data',
    deposed: deposed ?? null,
    action,
    createFirst: isReplaced && change.actions[0] === 'create',
    reason: action_reason ? (entryOf(reasons, action_reason) ?? action_reason.replace(/[^\w-]+/g, ' ')) : null,
    forcedBy: [...new Set(forcedBy)],
    movedFrom: previous_address && previous_address !== address ? previous_address : null,
    imported: importing ? (typeof importing.id === 'string' ? importing.id : '') : null,
    stateful: entryOf(statefulTypes, type) ?? null,
    changes,
  };
}

/** Top-level arguments that the configuration gives a resource; undefined where the plan does not have its configuration. */
type GivenArguments = (address: string) => ReadonlySet<string> | undefined;

interface ConfigurationModule {
  readonly resources?: readonly { readonly address?: unknown; readonly expressions?: unknown }[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: ConfigurationModule }>>;
}

function givenArguments(plan: PlanJson): GivenArguments {
  const found = new Map<string, ReadonlySet<string>>();
  const visit = (prefix: string, module: unknown) => {
    const { resources, module_calls } = (isRecord(module) ? module : {}) as ConfigurationModule;
    for (const each of Array.isArray(resources) ? resources : []) {
      if (!isRecord(each) || typeof each['address'] !== 'string') continue;
      const names = isRecord(each['expressions']) ? Object.keys(each['expressions']) : [];
      found.set(`${prefix}${each['address']}`, new Set(names));
    }
    for (const [name, call] of Object.entries(isRecord(module_calls) ? module_calls : {})) {
      visit(`${prefix}module.${name}.`, isRecord(call) ? call['module'] : undefined);
    }
  };
  const { root_module } = (isRecord(plan.configuration) ? plan.configuration : {}) as { root_module?: unknown };
  visit('', root_module);
  return (address) => found.get(address.replaceAll(/\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g, ''));
}

function driftEntries(plan: PlanJson): DriftEntry[] {
  const meanings = new Map(driftOf(plan).map((each) => [each.address, operationalMeaning(each) ?? null]));
  return (plan.resource_drift ?? [])
    .filter(isManaged)
    .filter(({ change }) => !change.actions.includes('no-op') && !change.actions.includes('read'))
    .map(({ address, type, change }) => {
      const gone = change.actions.includes('delete');
      return {
        address,
        type,
        action: gone ? ('delete' as const) : ('update' as const),
        meaning: meanings.get(address) ?? null,
        changes: gone ? [] : argumentChanges(change),
      };
    });
}

function outputEntries({ output_changes = {} }: PlanJson): OutputEntry[] {
  return Object.entries(output_changes).flatMap(([name, change]): OutputEntry[] => {
    const action = change.actions.find((each) => ['create', 'update', 'delete'].includes(each));
    if (action === undefined) return [];
    return [{ name, action: action as OutputEntry['action'], ...wholeChange(change) }];
  });
}

const statuses = ['pass', 'fail', 'error', 'unknown'] as const;

function checkEntries({ checks = [] }: PlanJson): CheckEntry[] {
  return checks.map(({ address, status, instances = [] }) => ({
    address: address.to_display,
    status: statuses.find((each) => each === status) ?? 'unknown',
    problems: (instances ?? []).flatMap(({ problems }) =>
      (problems ?? []).flatMap(({ message }) => (message ? [message] : [])),
    ),
  }));
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
