import { Construct } from 'constructs';
import type { Alarms } from '@platform/libs/observability/alarms';
import type { DatabaseSettings } from '@platform/libs/settings/database';
import { connectionLimit } from './connection-limit';

export interface MemberAlarmsProps {
  /** The member's dimension in CloudWatch. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly settings: Pick<DatabaseSettings, 'instanceClass'>;
  readonly alarms: Alarms;
}

/**
 * Alarms on the load of one member: CPU and connections. Those on replication stand with the global stores
 * (`libs/data/database-replication-alarms.ts`). An alarm may use up to 10 metrics (CloudWatch user guide, "Limits").
 */
export class MemberAlarms extends Construct {
  constructor(scope: Construct, id: string, props: MemberAlarmsProps) {
    super(scope, id);
    const { dimensions, settings, alarms } = props;
    const metricOf = (metricName: string) => ({
      namespace: 'AWS/RDS',
      metricName,
      dimensions,
      statistic: 'Maximum',
      periodSec: 60,
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
