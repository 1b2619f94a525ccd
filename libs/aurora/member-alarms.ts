import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Construct } from 'constructs';
import type { DatabaseSettings } from '@platform/libs/settings/data-stores';
import { connectionLimit } from './connection-limit';

export interface MemberAlarmsProps {
  /** Name of the member, and beginning of the alarms' names. */
  readonly name: string;
  /** How CloudWatch knows the member. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** Metric of the lag behind the writer, and how many of its units make a second. */
  readonly lagMetric: { readonly name: string; readonly perSecond: number };
  readonly settings: Pick<DatabaseSettings, 'instanceClass' | 'objective'>;
}

/**
 * Alarms on one member: lag behind the writer against the RPO, processor, connections. They stand in every region: the
 * writer reports no lag, and missing data counts as good there, so watch a stopped replication by the lag of the clients
 * too. Costs $0.10 a month each (list price, US East, check).
 */
export class MemberAlarms extends Construct {
  constructor(scope: Construct, id: string, props: MemberAlarmsProps) {
    super(scope, id);
    const { name, dimensions, lagMetric, settings } = props;
    const { rpoSec } = settings.objective;
    const alarm = (id: string, suffix: string, alarmDescription: string, metricName: string, threshold: number) =>
      new CloudwatchMetricAlarm(this, id, {
        alarmName: `${name}-${suffix}`,
        alarmDescription,
        namespace: 'AWS/RDS',
        metricName,
        dimensions,
        statistic: 'Maximum',
        period: 60,
        evaluationPeriods: 5,
        datapointsToAlarm: 3,
        threshold,
        comparisonOperator: 'GreaterThanThreshold',
        treatMissingData: 'notBreaching',
      });
    alarm(
      'ReplicationLag',
      'replication-lag',
      `${name} is further behind the writer than its RPO of ${rpoSec} s allows`,
      lagMetric.name,
      rpoSec * lagMetric.perSecond,
    );
    alarm('Cpu', 'cpu', `${name} uses more than 80 % of its processors`, 'CPUUtilization', 80);
    alarm(
      'Connections',
      'connections',
      `${name} uses more than 80 % of the connections that ${settings.instanceClass} allows`,
      'DatabaseConnections',
      Math.floor(connectionLimit(settings.instanceClass) * 0.8),
    );
  }
}
