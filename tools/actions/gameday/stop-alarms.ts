import { Accounts, type FailoverContext } from '@platform/tools/actions/failover/accounts';

/** Which of these alarms of the workload account ring, in any region that answers, as a reason to stop; nothing where none does. */
export async function alarmsInAlarm(context: FailoverContext, names: readonly string[]): Promise<string | undefined> {
  const { DescribeAlarmsCommand } = await import('@aws-sdk/client-cloudwatch');
  const accounts = new Accounts(context);
  const ringing = await Promise.all(
    context.regions.map(async ({ key, awsRegion }) => {
      try {
        const client = await accounts.metrics('workload', awsRegion);
        const { MetricAlarms = [] } = await client.send(
          new DescribeAlarmsCommand({ AlarmNames: [...names], StateValue: 'ALARM' }),
        );
        return MetricAlarms.map(({ AlarmName }) => `${AlarmName} in ${key}`);
      } catch {
        // A region that was taken away does not answer, and that is no reason to stop.
        return [];
      }
    }),
  );
  const all = ringing.flat();
  return all.length > 0 ? `stopped by ${all.join(', ')}` : undefined;
}
