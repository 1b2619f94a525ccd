import type { Configuration } from '../configuration';
import { configurationAddress } from '../dependent-arguments';
import { followsReplacement } from '../plan-changes';
import type { ReviewStack } from '../review';
import type { EstateRule, EstateSighting, JudgedEstate } from './estate-rule';
import { valueAt, type ResourceRule } from './rule';

/** A rise of the monthly cost that is worth a word, in US dollars and as a part of what it was. */
const NOTABLE_COST = { usd: 100, part: 0.1 };

/** What carries the load of a region, and is compared between the active region and its standby. */
const sizes: Readonly<Record<string, readonly string[]>> = {
  aws_autoscaling_group: ['max_size'],
  aws_launch_template: ['instance_type'],
  aws_rds_cluster_instance: ['instance_class'],
  aws_db_instance: ['instance_class'],
  aws_rds_cluster: ['serverlessv2_scaling_configuration.max_capacity'],
  aws_elasticache_replication_group: ['node_type', 'num_cache_clusters'],
  aws_appautoscaling_target: ['max_capacity'],
  aws_ecs_task_definition: ['cpu', 'memory'],
};

/** Id of the rule. */
export const readResourceReplaced = 'read-resource-replaced';

/** Rules on how a change is made. */
export const changeRules: readonly ResourceRule[] = [
  {
    id: 'engine-version',
    level: 'warn',
    finds: 'another version of a database, cache or cluster engine',
    why: 'An upgrade restarts the engine and most cannot be undone; members of a global database must be upgraded in order.',
    remedy: 'Read the release notes, try it in another environment, and plan a window. Upgrade standby regions first.',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_UpgradeDBInstance.PostgreSQL.html',
    look: (change) => {
      const paths = ['engine_version', ...(change.type === 'aws_eks_cluster' ? ['version'] : []), 'kafka_version'];
      return paths.flatMap((path) => {
        const [one, other] = [change.before(path), change.after(path)];
        if (!change.isChanged || typeof one !== 'string' || typeof other !== 'string' || one === other) return [];
        return [{ what: `${path} goes ${change.fromTo(path)}`, argument: path }];
      });
    },
  },
];

export const estateRules: readonly EstateRule[] = [
  {
    id: 'plan-failed',
    level: 'block',
    finds: 'a stack that could not be planned, or a plan file that could not be read',
    why: 'What it would do is not known.',
    remedy: 'Repair what the error names, and run the review again.',
    source: 'https://developer.hashicorp.com/terraform/cli/commands/plan',
    look: ({ stacks }) =>
      stacks
        .filter(({ errors }) => errors.length > 0)
        .map(({ stack, errors }) => ({ stack, what: `${stack} could not be reviewed: ${firstLine(errors[0]!)}` })),
  },
  {
    id: readResourceReplaced,
    level: 'block',
    finds: 'a resource that is replaced in a stack that other stacks read',
    why: 'The other stacks point to the object that is destroyed until they are deployed too.',
    remedy:
      'Keep the resource, or plan the interruption and waive this rule for its stack and address: a deploy asks for the name too.',
    source: 'https://developer.hashicorp.com/terraform/language/state/remote-state-data',
    look: ({ stacks, configurations }) =>
      stacks.flatMap(({ stack, resources }) => {
        const readers = stacks.filter(({ reads, status }) => reads.includes(stack) && status !== 'removed');
        const replaced = resources.filter(({ action, mode }) => action === 'replace' && mode === 'managed');
        if (readers.length === 0) return [];
        const addresses = new Set(replaced.map(({ address }) => configurationAddress(address)));
        const { head = {} } = configurations.get(stack) ?? {};
        return replaced.flatMap(({ address, type, forcedBy, stateful }): EstateSighting[] => {
          const forcing = forcedBy.map((path) => path.split(/[.[]/, 1)[0]!);
          // What holds data has a rule of its own.
          if (stateful !== null || followsReplacement({ address, type, forcing }, addresses, head)) return [];
          return [
            {
              stack,
              address,
              what: `${address} is replaced, and ${readers.map((each) => each.stack).join(', ')} read${readers.length === 1 ? 's' : ''} its stack`,
            },
          ];
        });
      }),
  },
  {
    id: 'both-regions-at-risk',
    level: 'block',
    finds: 'the same risk in counterpart stacks of two regions',
    why: 'While both regions change at once there is none to fail over to.',
    remedy: 'Change the standby region first, look at it, then change the other in a second step.',
    source:
      'https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_tracking_change_management_planned_changemgmt.html',
    look: (estate) =>
      estate.groups.flatMap(({ stacks }) => {
        if (stacks.length < 2) return [];
        const risks = estate.found.filter(
          ({ level, where }) => level !== 'note' && where.stack !== null && stacks.includes(where.stack),
        );
        const shared = new Map<string, Set<string>>();
        for (const { rule, where } of risks) {
          const key = `${rule} of ${where.address}`;
          shared.set(key, new Set([...(shared.get(key) ?? []), where.stack!]));
        }
        return [...shared]
          .filter(([, of]) => of.size > 1)
          .map(([key, of]) => ({ stack: [...of][0]!, what: `${key} is found in ${[...of].join(' and ')}` }));
      }),
  },
  {
    id: 'both-regions',
    level: 'note',
    finds: 'a change of counterpart stacks in two regions',
    why: 'An error in it reaches both regions, unless one is changed and looked at before the other.',
    remedy:
      'Deploy by `npx platform rollout -c <environment> --target aws`, which changes the standby first and waits at a gate.',
    source:
      'https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_tracking_change_management_planned_changemgmt.html',
    look: ({ groups, stacks }) =>
      groups.flatMap(({ name, stacks: members }) => {
        const changed = stacks.filter((each) => members.includes(each.stack) && changesExisting(each));
        const regions = new Set(changed.map(({ region }) => region));
        return regions.size > 1 ? [{ what: `${name} changes in ${[...regions].join(' and ')}` }] : [];
      }),
  },
  {
    id: 'reachability-violated',
    level: 'block',
    finds: 'a violation of the reachability policy',
    why: 'Networks reach each other that must not, or do not reach each other that must.',
    remedy: 'Run `npx platform routes`; it prints each violation with the path of the packet.',
    source: 'https://docs.aws.amazon.com/vpc/latest/reachability/what-is-reachability-analyzer.html',
    look: ({ violations }) => violations.map((what) => ({ what: what.replaceAll(/\s*\n\s*/g, ' ') })),
  },
  {
    id: 'reach-gained',
    level: 'warn',
    finds: 'networks that reach each other and did not before',
    why: 'Every machine in one can try every machine in the other.',
    remedy: 'Check that `segments` in infra.config.ts says so on purpose.',
    source: 'https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html',
    look: ({ reachability }) =>
      (reachability?.gained ?? []).map(({ from, to }) => ({ what: `${from} reaches ${to} after the change` })),
  },
  {
    id: 'reach-lost',
    level: 'warn',
    finds: 'networks that do not reach each other any more',
    why: 'Connections between them break with the apply.',
    remedy: 'Check that nothing uses the path: the flow logs of both VPCs show it.',
    source: 'https://docs.aws.amazon.com/vpc/latest/tgw/tgw-route-tables.html',
    look: ({ reachability }) =>
      (reachability?.lost ?? []).map(({ from, to }) => ({ what: `${from} does not reach ${to} after the change` })),
  },
  {
    id: 'standby-smaller',
    level: 'warn',
    finds: 'a standby region that becomes smaller than its active counterpart',
    why: 'After a failover the standby carries the whole load with what it has.',
    remedy: 'Give both regions the same size, or state the smaller one in an objective.',
    source:
      'https://docs.aws.amazon.com/whitepapers/latest/disaster-recovery-workloads-on-aws/disaster-recovery-options-in-the-cloud.html',
    look: standbySmaller,
  },
  {
    id: 'provider-version',
    level: 'warn',
    finds: 'another version of Terraform or of a provider',
    why: 'Defaults and forced replacements change between versions, also in stacks that the change does not touch.',
    remedy: 'Plan every stack of every environment with it before the first deploy.',
    source: 'https://developer.hashicorp.com/terraform/language/providers/requirements',
    look: ({ configurations }) => {
      const changed = new Map<string, string[]>();
      for (const [stack, { base, head }] of configurations) {
        if (!base || !head) continue;
        const [before, after] = [versionsOf(base), versionsOf(head)];
        for (const [name, version] of Object.entries(after)) {
          if (before[name] === undefined || before[name] === version) continue;
          const what = `${name} goes from ${before[name]} to ${version}`;
          changed.set(what, [...(changed.get(what) ?? []), stack]);
        }
      }
      return [...changed].map(([what, stacks]) => ({
        what: `${what} in ${stacks.length === 1 ? stacks[0] : `${stacks.length} stacks`}`,
      }));
    },
  },
  {
    id: 'assumed-inputs',
    level: 'note',
    finds: 'arguments whose values come from a stack that is not deployed',
    why: 'The plan can look different once the real value is known; deploy refuses such a plan and makes it anew.',
    remedy: 'Deploy the upstream stacks first, or review the plan again with `--target aws`.',
    source: 'https://developer.hashicorp.com/terraform/language/state/remote-state-data',
    look: ({ stacks }) =>
      stacks
        .filter(({ assumed, resources }) => assumed.length > 0 && resources.length > 0)
        .map(({ stack, assumed }) => ({
          stack,
          what: `${stack} is planned with ${assumed.length} assumed input${assumed.length === 1 ? '' : 's'} of ${[...new Set(assumed.map((each) => each.stack))].join(', ')}`,
        })),
  },
  {
    id: 'check-failed',
    level: 'warn',
    finds: 'a check, precondition or postcondition that does not hold',
    why: 'The configuration itself says that this must not be.',
    remedy: 'Repair what the message names.',
    source: 'https://developer.hashicorp.com/terraform/language/checks',
    look: ({ stacks }) =>
      stacks.flatMap(({ stack, checks }) =>
        checks
          .filter(({ status }) => status === 'fail' || status === 'error')
          .map(({ address, problems }) => ({
            stack,
            address,
            what: `${address} does not hold${problems.length > 0 ? `: ${firstLine(problems.join('; '))}` : ''}`,
          })),
      ),
  },
  {
    id: 'drift',
    level: 'warn',
    finds: 'a resource that was changed outside of Terraform',
    why: 'The apply reverts the change.',
    remedy:
      'Ask its owner; run `npx platform reconcile <stack> -c <environment> --target aws` if an operation such as a failover explains it.',
    source: 'https://developer.hashicorp.com/terraform/tutorials/state/resource-drift',
    look: ({ stacks }) =>
      stacks.flatMap(({ stack, drift }) =>
        drift
          // The first refresh after an apply reads `tags = {}` where the state has none.
          .filter(
            ({ meaning, action, changes }) =>
              meaning === null &&
              (action === 'delete' || changes.some(({ marks }) => !marks.includes('formatting only'))),
          )
          .map(({ address, action, changes }) => ({
            stack,
            address,
            what:
              action === 'delete'
                ? `${address} was deleted outside of Terraform`
                : `${address} was changed outside of Terraform: ${[...new Set(changes.map(({ path }) => path))].slice(0, 5).join(', ')}`,
          })),
      ),
  },
  {
    id: 'parity',
    level: 'warn',
    finds: 'an undeclared difference between counterpart regions',
    why: 'What works in one region fails in the other on the day of the failover.',
    remedy: 'Make the regions equal, or declare the difference with its reason and owner.',
    source:
      'https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_config_drift.html',
    look: ({ parity }) => parity,
  },
  {
    id: 'cost-raised',
    level: 'warn',
    finds: `a rise of the monthly cost by ${NOTABLE_COST.usd} US dollars and ${NOTABLE_COST.part * 100} % or more`,
    why: 'The next check is the bill.',
    remedy: 'Run `npx platform cost` for the parts and the assumptions.',
    source: 'https://docs.aws.amazon.com/wellarchitected/latest/cost-optimization-pillar/welcome.html',
    look: ({ cost }) => {
      if (cost === null) return [];
      const more = cost.after - cost.before;
      if (cost.before === 0 || more < NOTABLE_COST.usd || more < cost.before * NOTABLE_COST.part) return [];
      return [{ what: `the estate costs ${Math.round(more)} US dollars a month more, list price` }];
    },
  },
];

/** Whether a stack that exists is changed: a stack that is made has no traffic yet. */
function changesExisting({ status, counts }: ReviewStack): boolean {
  return status === 'changed' && counts.change + counts.destroy + counts.add > 0;
}

const firstLine = (text: string) => text.split('\n', 1)[0]!;

function versionsOf({ terraform }: Configuration): Record<string, string> {
  const providers = Object.entries(terraform?.required_providers ?? {}).flatMap(([name, { version }]) =>
    version === undefined ? [] : [[`provider ${name}`, version] as const],
  );
  const required = (terraform as { readonly required_version?: unknown } | undefined)?.required_version;
  return Object.fromEntries([
    ...providers,
    ...(typeof required === 'string' ? [['Terraform', required] as const] : []),
  ]);
}

function standbySmaller({ groups, stacks, configurations, standbys }: JudgedEstate): EstateSighting[] {
  const regionOf = new Map(stacks.map(({ stack, region }) => [stack, region]));
  return groups.flatMap(({ stacks: members }) => {
    const isStandby = (stack: string) => standbys.includes(regionOf.get(stack) ?? '');
    const [active, ...actives] = members.filter((stack) => !isStandby(stack));
    if (active === undefined || actives.length > 0) return [];
    return members.filter(isStandby).flatMap((standby) => smallerSizes(configurations, active, standby));
  });
}

function smallerSizes(
  configurations: JudgedEstate['configurations'],
  active: string,
  standby: string,
): EstateSighting[] {
  const head = { active: configurations.get(active)?.head, standby: configurations.get(standby)?.head };
  const base = { active: configurations.get(active)?.base, standby: configurations.get(standby)?.base };
  if (!head.active || !head.standby) return [];
  return Object.entries(sizes).flatMap(([type, paths]) =>
    Object.keys(head.standby?.resource?.[type] ?? {}).flatMap((name) =>
      paths.flatMap((path): EstateSighting[] => {
        const [mine, theirs] = [sizeIn(head.standby, type, name, path), sizeIn(head.active, type, name, path)];
        if (!isSmaller(mine, theirs)) return [];
        // It was so before: no change of this one.
        if (isSmaller(sizeIn(base.standby, type, name, path), sizeIn(base.active, type, name, path))) return [];
        const address = `${type}.${name}`;
        const what = `${address} has ${path} ${String(mine)} in ${standby} and ${String(theirs)} in ${active}`;
        return [{ stack: standby, address, argument: path, what }];
      }),
    ),
  );
}

/** Sizes of classes are not compared: another one counts as smaller. */
function isSmaller(standby: unknown, active: unknown): boolean {
  if (typeof standby === 'number' && typeof active === 'number') return standby < active;
  return typeof standby === 'string' && typeof active === 'string' && standby !== active;
}

function sizeIn(configuration: Configuration | undefined, type: string, name: string, path: string): unknown {
  const block = configuration?.resource?.[type]?.[name];
  const value = path.split('.').reduce<unknown>((inside, part) => {
    const one: unknown = Array.isArray(inside) ? inside[0] : inside;
    return valueAt(one, part);
  }, block);
  return typeof value === 'string' && value.includes('${') ? undefined : value;
}
