import { type Block, type Made, type Term } from '@platform/libs/resilience/contribution';

/* How far copies of tables, buckets and queues in other regions are behind. */

/** Replication time control bounds the lag; without it S3 promises no time. */
export function bucketLag({ block, where }: Made): Term {
  const rules = [block['rule'] ?? []].flat() as Block[];
  const controls = rules.map((rule) => {
    const destination = ([rule['destination']].flat()[0] ?? {}) as Block;
    const control = ([destination['replication_time']].flat()[0] ?? {}) as Block;
    const time = ([control['time']].flat()[0] ?? {}) as Block;
    return control['status'] === 'Enabled' ? Number(time['minutes']) * 60 : null;
  });
  const bound = controls.includes(null) || controls.length === 0 ? null : Math.max(...(controls as number[]));
  return {
    phase: 'lag',
    is:
      bound === null
        ? 'S3 promises no time for copies'
        : `S3 copies 99.9 % of objects within ${bound / 60} min (replication time control)`,
    lowSec: 0,
    highSec: bound,
    setting: 'dataStores.buckets.*.replicationTimeControl',
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html',
    where,
  };
}

/** Global tables are mostly a second behind, without a bound; an alarm watches. */
export function tableLag(alarm: Made | undefined, where: string): Term {
  const seconds = alarm ? Number(alarm.block['threshold']) / 1000 : null;
  return {
    phase: 'lag',
    is:
      seconds === null
        ? 'no alarm watches the lag of the replicas'
        : `replicas are about 1 s behind; an alarm watches for ${seconds} s`,
    lowSec: 0,
    highSec: seconds,
    setting: 'dataStores.tables.*.objective.rpoSec',
    source:
      'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_MonitoringGlobalTables.html',
    where: alarm?.where ?? where,
  };
}

/** Messages of a lost region wait there until it returns: as many as the oldest is old. */
export function queueLag(alarm: Made | undefined, where: string, application: string): Term {
  const seconds = alarm ? Number(alarm.block['threshold']) : null;
  return {
    phase: 'lag',
    is:
      seconds === null
        ? 'messages wait in the lost region, and no alarm watches their age'
        : `messages that wait in the lost region are out of reach; an alarm watches for an age of ${seconds} s`,
    lowSec: 0,
    highSec: seconds,
    setting: `applications.${application}.messaging`,
    source:
      'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html',
    where: alarm?.where ?? where,
  };
}
