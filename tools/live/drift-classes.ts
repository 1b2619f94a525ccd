/** One resource that is not as the state remembers it. */
export interface DriftedResource {
  readonly address: string;
  readonly type: string;
  /** `update`: something differs; `delete`: it is gone. */
  readonly action: 'update' | 'delete';
  /** First segments of the paths that differ, sorted; empty where the resource is gone. */
  readonly arguments: readonly string[];
}

/** A change that a failover, a rehearsal or scaling makes, and no mistake. */
export interface OperationalChange {
  readonly type: string;
  /** Arguments that it changes. */
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
    meaning: 'the writer has moved',
  },
  { type: 'aws_db_instance', arguments: ['replicate_source_db', 'replicas'], meaning: 'a replica was promoted' },
  {
    type: 'aws_globalaccelerator_endpoint_group',
    arguments: ['traffic_dial_percentage', 'endpoint_configuration'],
    meaning: 'a dial or a weight was turned',
  },
  { type: 'aws_route53_record', arguments: ['weighted_routing_policy'], meaning: 'a weight was turned' },
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
  { type: 'aws_lb_listener_rule', arguments: ['action'], meaning: 'traffic was moved between target groups' },
  { type: 'aws_lb_listener', arguments: ['default_action'], meaning: 'traffic was moved between target groups' },
];

/** Arguments that AWS counts up by itself, in whatever way a resource is used. */
const alwaysMoving: ReadonlySet<string> = new Set(['tags_all']);

/**
 * What an operational change means, where all that differs is one; nothing for drift. A resource that is gone is drift
 * always, and so is a single argument that is not in the table beside others that are.
 */
export function operationalMeaning(resource: DriftedResource): string | undefined {
  if (resource.action !== 'update') return undefined;
  const of = operationalChanges.filter(({ type }) => type === resource.type);
  const named = resource.arguments.filter((argument) => !alwaysMoving.has(argument));
  const meanings = named.map((argument) => of.find((change) => change.arguments.includes(argument))?.meaning);
  if (named.length === 0 || meanings.some((meaning) => meaning === undefined)) return undefined;
  return [...new Set(meanings)].join(', ');
}

interface RefreshOnlyPlan {
  readonly resource_drift?: readonly {
    readonly address: string;
    readonly type: string;
    readonly mode: string;
    readonly change: { readonly actions: readonly string[]; readonly before?: unknown; readonly after?: unknown };
  }[];
}

/** What a refresh-only plan (`show -json`) found to differ. */
export function driftOf(plan: RefreshOnlyPlan): DriftedResource[] {
  return (plan.resource_drift ?? [])
    .filter(({ mode }) => mode === 'managed')
    .map(({ address, type, change }) => {
      const gone = change.actions.includes('delete');
      return {
        address,
        type,
        action: gone ? ('delete' as const) : ('update' as const),
        arguments: gone ? [] : differing(change.before, change.after),
      };
    })
    .filter(({ action, arguments: names }) => action === 'delete' || names.length > 0);
}

function differing(before: unknown, after: unknown): string[] {
  const [one, other] = [before ?? {}, after ?? {}] as [Record<string, unknown>, Record<string, unknown>];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
    .filter((name) => JSON.stringify(empty(one[name])) !== JSON.stringify(empty(other[name])))
    .sort();
}

/** Providers give back an empty map, list or text where the state has nothing, and the other way round. */
function empty(value: unknown): unknown {
  if (value === '' || value === undefined) return null;
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0 ? null : value;
}
