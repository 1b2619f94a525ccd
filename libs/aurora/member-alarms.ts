import { Construct } from 'constructs';
import type { Alarms } from '@platform/libs/observability/alarms';
import type { DatabaseSettings } from '@platform/libs/settings/database';
import { connectionLimit } from './connection-limit';

export interface MemberAlarmsProps {
  /** The member's dimension in CloudWatch. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Metric of the lag behind the writer, and the number of its units per second. */
  readonly lagMetric: { readonly name: string; readonly perSecond: number };
  readonly settings: Pick<DatabaseSettings, 'instanceClass' | 'objective'>;
  readonly alarms: Alarms;
}

/**
 * Alarms on one member: lag behind the writer compared with the RPO, CPU, connections. Every region has them. The
 * writer reports no lag, so missing data counts as OK; if replication stops completely, the lag of a region without the
 * writer is missing. An alarm may use up to 10 metrics (CloudWatch user guide, "Limits").
 */
export class MemberAlarms extends Construct {
  constructor(scope: Construct, id: string, props: MemberAlarmsProps) {
    super(scope, id);
    const { dimensions, lagMetric, settings, alarms } = props;
    const { rpoSec } = settings.objective;
    const metricOf = (metricName: string) => ({
      namespace: 'AWS/RDS',
      metricName,
      dimensions,
      statistic: 'Maximum',
      periodSec: 60,
    });
    alarms.add('ReplicationLag', {
      description: `The member is further behind the writer than its RPO of ${rpoSec} s allows: a failover now would lose more`,
      metric: metricOf(lagMetric.name),
      above: rpoSec * lagMetric.perSecond,
      periods: 3,
    });
    alarms.add('Processor', {
      description:
        'An instance uses more than 80 % of its processors: look for slow statements, or take a larger class',
      metric: metricOf('CPUUtilization'),
      above: 80,
      periods: 5,
    });
    alarms.add('Connections', {
      description: `An instance has more than 80 % of the connections that ${settings.instanceClass} allows: look for a leak`,
      metric: metricOf('DatabaseConnections'),
      above: Math.floor(connectionLimit(settings.instanceClass) * 0.8),
      periods: 5,
    });
  }
}
