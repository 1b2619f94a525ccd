import type { Duration } from '@platform/libs/resilience/duration';
import { type Block, type Made, type Term } from '@platform/libs/resilience/contribution';

/* What a database adds to a recovery, and how far its copy in another region is behind. */

const availability =
  'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html';

/** A reader of the region becomes the writer; without one Aurora creates an instance. */
export function writerFailover(instances: number, { where }: Made): Term {
  return {
    phase: 'promotion',
    is:
      instances > 1
        ? 'Aurora makes a reader of the region the writer, mostly within 60 s'
        : 'Aurora creates a new instance, mostly within 10 min: the cluster has one instance',
    lowSec: 0,
    highSec: instances > 1 ? 60 : 600,
    setting: 'dataStores.database.instances',
    source: availability,
    where,
  };
}

/** A Multi-AZ instance fails over to its standby; another one is started anew. */
export function instanceFailover({ block, where }: Made): Term {
  const multiZone = block['multi_az'] === true;
  return {
    phase: 'promotion',
    is: multiZone
      ? 'RDS fails over to the standby instance, mostly within 1 to 2 min'
      : 'RDS starts the instance anew, without a bound: it is in one zone',
    lowSec: multiZone ? 60 : 0,
    highSec: multiZone ? 120 : null,
    setting: 'dataStores.database',
    source: 'https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html',
    where,
  };
}

/** The member of another region becomes the writer of the global database. AWS says minutes, the objective bounds it. */
export function regionPromotion(objectiveSec: number, { where }: Made): Term {
  return {
    phase: 'promotion',
    is: `the database of the other region becomes the writer, within its objective of ${objectiveSec} s`,
    lowSec: 60,
    highSec: objectiveSec,
    setting: 'dataStores.database.objective.rtoSec',
    source:
      'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html',
    where,
    unconfirmed: 'AWS says minutes, without a bound; the objective stands for it until a game day measures it',
  };
}

/** Lag of the copy: bounded by `rds.global_db_rpo`, else by what an alarm watches, else not at all. */
export function databaseLag(parameterGroup: Made | undefined, alarm: Made | undefined, where: string): Term {
  const parameters = [parameterGroup?.block['parameter'] ?? []].flat() as Block[];
  const enforced = parameters.find(({ name }) => name === 'rds.global_db_rpo');
  const bound: [Duration, string, string] = enforced
    ? [
        { lowSec: 0, highSec: Number(enforced['value']) },
        `Aurora holds commits back beyond a lag of ${String(enforced['value'])} s`,
        'dataStores.database.enforcedRpoSec',
      ]
    : alarm
      ? [
          { lowSec: 0, highSec: Number(alarm.block['threshold']) / 1000 },
          `the copy is about 1 s behind; an alarm watches for ${Number(alarm.block['threshold']) / 1000} s`,
          'dataStores.database.objective.rpoSec',
        ]
      : [{ lowSec: 0, highSec: null }, 'no alarm watches the lag of the copy', 'dataStores.database'];
  return {
    phase: 'lag',
    ...bound[0],
    is: bound[1],
    setting: bound[2],
    source:
      'https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html',
    where: parameterGroup && enforced ? parameterGroup.where : (alarm?.where ?? where),
  };
}
