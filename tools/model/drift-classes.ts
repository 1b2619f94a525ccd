import type { Change, PlanJson } from './plan';
import { valueChanges, type ValueChange } from './value-changes';

/** One resource that differs from its state. */
export interface DriftedResource {
  readonly address: string;
  readonly type: string;
  /** `update`: something differs; `delete`: it is gone. */
  readonly action: 'update' | 'delete';
  /**
   * Arguments that differ, sorted; empty where the resource is gone. A path, such as `endpoint_configuration.weight`, where a
   * path of {@link operationalChanges} is all that differs of an argument.
   */
  readonly arguments: readonly string[];
  /** The values of these arguments in the state (`before`) and in real infrastructure (`after`); sensitive ones are masked. */
  readonly changes: readonly ValueChange[];
}

/** A change that a failover, a rehearsal or scaling makes, and no mistake. */
export interface OperationalChange {
  readonly type: string;
  /** Arguments that it changes; of a block, the path of the field in it: whatever else differs of the block is drift. */
  readonly arguments: readonly string[];
  /** What has happened, for people. */
  readonly meaning: string;
}

/**
 * What may change outside of Terraform, by resource type. Whoever makes a failover change another argument adds it here:
 * until then it counts as drift.
 */
export const operationalChanges: readonly OperationalChange[] = [
  {
    type: 'aws_rds_cluster',
    arguments: [
      'replication_source_identifier',
      'global_cluster_identifier',
      'cluster_members',
      'reader_endpoint',
      'global_write_forwarding_status',
    ],
    meaning: 'the writer has moved',
  },
  { type: 'aws_rds_cluster_instance', arguments: ['writer'], meaning: 'the writer has moved' },
  {
    type: 'aws_rds_global_cluster',
    arguments: ['global_cluster_members', 'source_db_cluster_identifier', 'endpoint'],
    meaning: 'members have come or gone, or the writer has moved',
  },
  { type: 'aws_db_instance', arguments: ['replicate_source_db', 'replicas'], meaning: 'a replica was promoted' },
  {
    type: 'aws_globalaccelerator_endpoint_group',
    arguments: ['traffic_dial_percentage', 'endpoint_configuration.weight'],
    meaning: 'a dial or a weight was turned',
  },
  { type: 'aws_route53_record', arguments: ['weighted_routing_policy.weight'], meaning: 'a weight was turned' },
  {
    type: 'aws_route53_health_check',
    arguments: ['invert_healthcheck', 'disabled'],
    meaning: 'a region was taken out by its health check',
  },
  {
    type: 'aws_autoscaling_group',
    arguments: ['desired_capacity', 'min_size', 'warm_pool_size'],
    meaning: 'the capacity was changed',
  },
  {
    type: 'aws_acm_certificate',
    arguments: ['status', 'not_before', 'not_after', 'pending_renewal', 'renewal_eligibility', 'renewal_summary'],
    meaning: 'it was issued or renewed',
  },
  { type: 'aws_appautoscaling_target', arguments: ['min_capacity'], meaning: 'the capacity was changed' },
  {
    type: 'aws_lb_listener_rule',
    arguments: ['action.forward.target_group.weight'],
    meaning: 'traffic was moved between target groups',
  },
  {
    type: 'aws_lb_listener',
    arguments: ['default_action.forward.target_group.weight'],
    meaning: 'traffic was moved between target groups',
  },
];

/**
 * What an operational change means, where all that differs is one; nothing for drift. A resource that is gone is drift
 * always, and so is a single argument that is not in the table beside others that are.
 */
export function operationalMeaning(resource: DriftedResource): string | undefined {
  if (resource.action !== 'update') return undefined;
  const of = operationalChanges.filter(({ type }) => type === resource.type);
  const meanings = resource.arguments.map(
    (argument) => of.find((change) => change.arguments.includes(argument))?.meaning,
  );
  if (meanings.length === 0 || meanings.some((meaning) => meaning === undefined)) return undefined;
  return [...new Set(meanings)].join(', ');
}

/** What a refresh-only plan (`show -json`) found to differ. */
export function driftOf(plan: PlanJson): DriftedResource[] {
  return (plan.resource_drift ?? [])
    .filter(({ mode }) => mode === 'managed')
    .map(({ address, type, change }) => {
      const gone = change.actions.includes('delete');
      return {
        address,
        type,
        action: gone ? ('delete' as const) : ('update' as const),
        arguments: gone ? [] : differing(type, change.before, change.after),
        changes: gone ? [] : changesOf(change),
      };
    })
    .filter(({ action, arguments: names }) => action === 'delete' || names.length > 0);
}

function changesOf({ before, after, before_sensitive, after_sensitive }: Change): ValueChange[] {
  const record = (value: unknown) =>
    (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  const field = (values: unknown, marks: unknown, name: string) => ({
    value: record(values)[name],
    // A mark of the whole resource counts for each of its arguments.
    sensitive: marks === true || record(marks)[name],
  });
  return [...new Set([...Object.keys(record(before)), ...Object.keys(record(after))])]
    .sort()
    .flatMap((name) => valueChanges(name, field(before, before_sensitive, name), field(after, after_sensitive, name)));
}

function differing(type: string, before: unknown, after: unknown): string[] {
  const [one, other] = [before ?? {}, after ?? {}] as [Record<string, unknown>, Record<string, unknown>];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((name) => JSON.stringify(empty(one[name])) !== JSON.stringify(empty(other[name])))
    .map((name) => {
      const isAll = (path: string) => {
        const [first, ...rest] = path.split('.');
        return first === name && rest.length > 0 && without(one[name], rest) === without(other[name], rest);
      };
      const paths = operationalChanges.flatMap((each) => (each.type === type ? each.arguments : []));
      return paths.find(isAll) ?? name;
    })
    .sort();
}

/** A block, or a list or set of them, without what lies at a path in each; in one order, for those of a set have none. */
function without(value: unknown, [name, ...rest]: readonly string[]): string {
  const strip = (each: unknown): unknown => {
    if (typeof each !== 'object' || each === null || name === undefined) return each;
    const { [name]: field, ...others } = each as Record<string, unknown>;
    return rest.length === 0 || field === undefined ? others : { ...others, [name]: without(field, rest) };
  };
  return JSON.stringify(Array.isArray(value) ? value.map((each) => JSON.stringify(strip(each))).sort() : strip(value));
}

/** Providers give back an empty map, list or text where the state has nothing, and the other way round. */
function empty(value: unknown): unknown {
  if (value === '' || value === undefined) return null;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? null : value;
}
