import type { FailoverContext } from '@platform/tools/actions/failover/accounts';
import type { Hypothesis } from '@platform/tools/actions/gameday/game-day';

/** What the database must hold when a region is lost: the objective of the settings. */
export function databaseObjective({ environment }: FailoverContext): Hypothesis {
  const { rtoSec, rpoSec } = environment.dataStores.database.objective;
  return { rtoSec, rpoSec };
}

/** How long Route 53 needs to take a region out: detection, then the time for which resolvers keep an alias to a load balancer. */
export function recordsObjective({ environment }: FailoverContext): Hypothesis {
  const { intervalSec, failureThreshold } = environment.edge.healthCheck;
  // 60 s: Route 53 developer guide, "Values for alias records".
  return { rtoSec: intervalSec * failureThreshold + 60, rpoSec: 0 };
}
