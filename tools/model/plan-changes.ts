import type { Configuration } from './configuration';
import { configurationAddress, references } from './dependent-arguments';
import type { PlanJson, ResourceChange } from './plan';
import { stateProject, statefulTypes } from './stateful-types';

/** One line of what a plan does. */
export interface PlannedChange {
  readonly address: string;
  readonly action: 'create' | 'update' | 'delete' | 'replace' | 'import' | 'move';
  /** Of a replacement: arguments that force it (`cidr_block`), or Terraform's reason where it is another. */
  readonly forcedBy?: readonly string[];
}

/** What a plan does to managed resources, in its order; nothing of what stays as it is. */
export function plannedChanges({ resource_changes = [] }: PlanJson): PlannedChange[] {
  return resource_changes.flatMap((resource): PlannedChange[] => {
    const { mode, address, previous_address, change } = resource;
    if (mode !== 'managed') return [];
    const name = nameOf(resource);
    if (isReplaced(resource)) return [{ address: name, action: 'replace', forcedBy: forcedBy(resource) }];
    const action = change.actions.find((each) => ['create', 'update', 'delete'].includes(each));
    if (action) return [{ address: name, action: action as 'create' | 'update' | 'delete' }];
    if (change.importing !== undefined) return [{ address: name, action: 'import' }];
    return previous_address !== undefined && previous_address !== address ? [{ address: name, action: 'move' }] : [];
  });
}

/** A deposed object is another one than that of its address. */
const nameOf = ({ address, deposed }: Pick<ResourceChange, 'address' | 'deposed'>) =>
  deposed ? `${address} (deposed ${deposed})` : address;

const reasons: Readonly<Record<string, string>> = {
  replace_because_tainted: 'tainted',
  replace_by_request: '-replace',
  replace_by_triggers: 'replace_triggered_by',
};

function forcedBy({ action_reason, change }: ResourceChange): string[] {
  const reason = reasons[action_reason ?? ''];
  return reason ? [reason] : [...new Set((change.replace_paths ?? []).map((path) => path.join('.')))];
}

function isReplaced({ change: { actions } }: ResourceChange): boolean {
  return actions.includes('create') && actions.includes('delete');
}

/** A change that loses data, or that stacks which are deployed may not survive. */
export interface RiskyChange {
  /** Of a deposed object with its key. */
  readonly address: string;
  readonly action: 'destroyed' | 'replaced';
  /** What is lost for ever, `a table`; absent where only other stacks suffer. */
  readonly loses?: string;
  readonly forcedBy: readonly string[];
}

export interface RiskOptions {
  readonly stack: string;
  readonly project: string;
  readonly configuration: Configuration;
  /** Deployed stacks that read this one. */
  readonly readers: readonly string[];
}

/** What states are kept in and read with: a bucket that loses its key is lost as well. */
const keepsStates = new Set(['aws_s3_bucket', 'aws_kms_key']);

/**
 * Changes of a plan that need a word of their own: what holds data and is destroyed or replaced, and, in a stack that
 * deployed stacks read, every replacement. One that only follows from another replacement (a subnet of a VPC that is
 * replaced) is named by that.
 */
export function riskyChanges({ resource_changes = [] }: PlanJson, options: RiskOptions): RiskyChange[] {
  const { project, configuration, readers } = options;
  const managed = resource_changes.filter(
    ({ mode, change }) => mode === 'managed' && change.actions.includes('delete'),
  );
  const replaced = new Set(managed.filter(isReplaced).map(({ address }) => configurationAddress(address)));
  return managed.flatMap((resource): RiskyChange[] => {
    const { type } = resource;
    const isState = project === stateProject && keepsStates.has(type);
    const loses = isState ? 'states' : statefulTypes[type];
    const replaces = isReplaced(resource);
    if (loses === undefined && !(replaces && readers.length > 0 && !isFollowing(resource, replaced, configuration)))
      return [];
    return [
      {
        address: nameOf(resource),
        action: replaces ? 'replaced' : 'destroyed',
        ...(loses === undefined ? {} : { loses }),
        forcedBy: replaces ? forcedBy(resource) : [],
      },
    ];
  });
}

const isFollowing = ({ address, type, change }: ResourceChange, replaced: ReadonlySet<string>, of: Configuration) =>
  followsReplacement(
    { address, type, forcing: (change.replace_paths ?? []).map(([name]) => String(name)) },
    replaced,
    of,
  );

/**
 * Whether each argument that forces a replacement refers to something else that is replaced.
 * @param replaced addresses in the configuration, without keys of instances
 */
export function followsReplacement(
  { address, type, forcing }: { readonly address: string; readonly type: string; readonly forcing: readonly string[] },
  replaced: ReadonlySet<string>,
  { resource = {} }: Configuration,
): boolean {
  const own = configurationAddress(address);
  const body = resource[type]?.[own.slice(type.length + 1)] ?? {};
  return (
    forcing.length > 0 &&
    forcing.every((argument) => references(body[argument]).some(([to]) => to !== own && replaced.has(to)))
  );
}

/** What whoever deploys has accepted by name. */
export interface AcceptedRisks {
  /** Everything that holds data may be destroyed or replaced. */
  readonly includeStateful: boolean;
  /** Addresses that may be replaced: `aws_vpc.Network`, or `region-us-vpc:aws_vpc.Network` for one stack only. */
  readonly replace: readonly string[];
}

/**
 * Those of the risky changes that were not accepted.
 * @param named what the review of the plan accepted, by {@link RiskyChange.address}. Default: nothing.
 */
export function unaccepted(
  risks: readonly RiskyChange[],
  stack: string,
  { includeStateful, replace }: AcceptedRisks,
  named: readonly string[] = [],
): RiskyChange[] {
  return risks.filter(({ address, action, loses }) => {
    if (named.includes(address)) return false;
    if (loses !== undefined && includeStateful) return false;
    return action !== 'replaced' || !(replace.includes(address) || replace.includes(`${stack}:${address}`));
  });
}
