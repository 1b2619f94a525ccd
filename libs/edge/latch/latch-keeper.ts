import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { Construct } from 'constructs';
import { alarmsOf } from '@platform/libs/observability/alarms';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import { FunctionCode, functionRuntime } from '@platform/libs/stack/function-code';
import { waive } from '@platform/libs/stack/waive';
import type { KeeperConfig } from './keeper-config';
import { latchMetric } from './latch-metric';

export interface LatchKeeperProps {
  /** The region in which it runs, which takes over from the watched one. */
  readonly region: { readonly key: string; readonly awsRegion: string };
  readonly accountId: string;
  readonly config: KeeperConfig;
  /** Otherwise only its log stays, with the key: a level at which it does not run deletes neither. */
  readonly runs: boolean;
  readonly logRetentionDays: number;
}

/** Name of the function, its role and its log, in the region that it runs in: `prod-latch-ap`. */
export function keeperName({ environment }: Pick<KeeperConfig, 'environment'>, regionKey: string): string {
  return `${environment}-latch-${regionKey}`;
}

/**
 * Engages the latch of a region once Route 53 has failed over from it: a function that looks once a minute. It may read and
 * write the latch's metric and nothing else, and calls nothing outside its own region. A failover that ends within the
 * minute can pass unseen; the next one does not.
 *
 * It is not on the path of a failover: without it, records move as well, and the region gets its traffic back when it
 * answers.
 */
export class LatchKeeper extends Construct {
  constructor(scope: Construct, id: string, { region, accountId, config, runs, logRetentionDays }: LatchKeeperProps) {
    super(scope, id);
    const name = keeperName(config, region.key);
    const log = new EncryptedLogGroup(this, 'Log', {
      name: `/aws/lambda/${name}`,
      retentionDays: logRetentionDays,
      awsRegion: region.awsRegion,
      accountId,
    });
    if (!runs) return;
    const role = new IamRole(this, 'Role', {
      name,
      description: `Engages the latch of ${config.watched}`,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    });
    const policy = new IamRolePolicy(this, 'Policy', {
      name: 'latch',
      role: role.name,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          // Neither action supports resources (service authorization reference, "Amazon CloudWatch":
          // https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html).
          {
            Sid: 'Engage',
            Effect: 'Allow',
            Action: 'cloudwatch:PutMetricData',
            Resource: '*',
            Condition: { StringEquals: { 'cloudwatch:namespace': latchMetric.namespace } },
          },
          { Sid: 'Look', Effect: 'Allow', Action: 'cloudwatch:GetMetricData', Resource: '*' },
          {
            Sid: 'Log',
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: `${log.arn}:*`,
          },
        ],
      }),
    });
    const code = new FunctionCode(this, 'Code', { name: 'latch-keeper', module: 'libs/edge/latch/lambda/handler.ts' });
    const lambda = new LambdaFunction(this, 'Function', {
      functionName: name,
      description: `Keeps ${config.watched} without traffic after a failover`,
      role: role.arn,
      runtime: functionRuntime,
      architectures: ['arm64'],
      handler: 'index.handler',
      filename: code.fileName,
      sourceCodeHash: code.sha256Base64,
      memorySize: 256,
      timeout: 30,
      environment: { variables: { LATCH: JSON.stringify(config) } },
      // And so on the log group, which Lambda would make itself without a key.
      dependsOn: [policy],
    });
    waive(lambda, {
      CKV_AWS_50: 'its log line has what it saw; a trace would need permissions that it does not use',
      CKV_AWS_115: 'it is called once a minute; reserved executions would be taken from other functions',
      CKV_AWS_116: 'the schedule calls it again in a minute: a call that failed is worth nothing later',
      CKV_AWS_117: 'it reaches public endpoints of AWS only, and must work when a VPC does not',
      CKV_AWS_173: 'its variables are names, not secrets',
      CKV_AWS_272: 'the code is in the reviewed plan, by its digest',
    });
    const rule = new CloudwatchEventRule(this, 'Schedule', {
      name,
      description: `Looks whether ${config.watched} has failed over`,
      scheduleExpression: 'rate(1 minute)',
    });
    const permission = new LambdaPermission(this, 'Permission', {
      functionName: lambda.functionName,
      action: 'lambda:InvokeFunction',
      principal: 'events.amazonaws.com',
      sourceArn: rule.arn,
    });
    new CloudwatchEventTarget(this, 'Target', {
      rule: rule.name,
      arn: lambda.arn,
      retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
      dependsOn: [permission],
    });
    const metricOf = (metricName: string) => ({
      namespace: 'AWS/Lambda',
      metricName,
      dimensions: { FunctionName: lambda.functionName },
      statistic: 'Sum',
      periodSec: 300,
    });
    const instead = 'after a failover, engage it by npx platform failover run';
    const alarms = alarmsOf(this);
    alarms.add('LatchKeeperErrors', {
      description: `The keeper of the latch of ${config.watched} fails: see its log; ${instead}`,
      metric: metricOf('Errors'),
      above: 2,
    });
    alarms.add('LatchKeeperSilent', {
      description: `The keeper of the latch of ${config.watched} is not called once a minute: see its schedule; ${instead}`,
      metric: metricOf('Invocations'),
      below: 1,
      periods: 2,
      missing: 'breaching',
    });
  }
}
