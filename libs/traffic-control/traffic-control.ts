import { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus';
import { CloudwatchEventBusPolicy } from '@cdktf/provider-aws/lib/cloudwatch-event-bus-policy';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaFunctionEventInvokeConfig } from '@cdktf/provider-aws/lib/lambda-function-event-invoke-config';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct } from 'constructs';
import { EncryptionKey, type KeyStatement } from '@platform/libs/data/encryption-key';
import { Alarms } from '@platform/libs/observability/alarms';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import type { TrafficControlSettings } from '@platform/libs/settings/traffic-control';
import { FunctionCode, functionRuntime } from '@platform/libs/stack/function-code';
import { waive } from '@platform/libs/stack/waive';
import type { ControlConfig } from './control-config';
import { controlRoleName, readerRoleName } from './names';

export interface TrafficControlProps {
  /** Prefix of the names: `prod-traffic-control`. Also that of the event bus. */
  readonly name: string;
  /** Region in which the function runs. */
  readonly region: { readonly key: string; readonly awsRegion: string };
  /** Account of the function: that of the accelerator. */
  readonly accountId: string;
  readonly settings: TrafficControlSettings;
  /** What it controls. `settings`, the parameters and the role are added here. */
  readonly control: Omit<ControlConfig, 'settings' | 'overrideParameter' | 'memoryParameter' | 'readerRoleArn'>;
  /** Account of the load balancers with a provider of it, if it is another one. */
  readonly balancerAccount?: { readonly id: string; readonly provider: AwsProvider };
}

/** Pattern of the events that make the function look. */
export function alarmEvents(environment: string) {
  return {
    source: ['aws.cloudwatch'],
    'detail-type': ['CloudWatch Alarm State Change'],
    detail: { alarmName: [{ prefix: `${environment}-app-` }] },
  };
}

/** Allows the services to use the encrypted bus and topic. One statement per service: its Principal is one. */
function senderStatements(accountId: string): KeyStatement[] {
  return ['events', 'cloudwatch'].map((service) => ({
    Sid: service === 'events' ? 'Events' : 'Alarms',
    Effect: 'Allow',
    Principal: { Service: `${service}.amazonaws.com` },
    Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
  }));
}

interface Statement {
  readonly Sid: string;
  readonly Action: readonly string[] | string;
  readonly Resource: readonly string[] | string;
}

/**
 * A function that judges another region once a minute, and when an alarm there changes its state, and turns that region's
 * traffic dial in mode `enforce`. See `decide.ts` for when.
 *
 * It may call what it calls and nothing else: without mode `enforce` it cannot change a dial. Each of its inputs is outside
 * of the judged region, except the load balancer's metrics, whose absence means "unknown".
 *
 * One execution at a time, so that two events do not make two steps. That takes 1 of the account's concurrent executions,
 * and AWS keeps 100 unreserved: an account with a quota of 100 or less refuses it (Lambda developer guide, "Configuring
 * reserved concurrency").
 */
export class TrafficControl extends Construct {
  readonly functionName: string;
  readonly logGroupName: string;
  readonly overrideParameter: string;
  readonly alarmTopicArn: string;

  constructor(scope: Construct, id: string, props: TrafficControlProps) {
    super(scope, id);
    const { name, region, accountId, settings, control, balancerAccount } = props;
    const key = new EncryptionKey(this, 'Key', {
      name,
      description: 'Event bus and alarms of the traffic control',
      accountId,
      statements: senderStatements(accountId),
    });
    const alarms = new Alarms(this, 'Alarms', { name, accountId, kmsKeyArn: key.arn });
    const log = new EncryptedLogGroup(this, 'Log', {
      name: `/aws/lambda/${name}`,
      retentionDays: settings.logRetentionDays,
      awsRegion: region.awsRegion,
      accountId,
    });
    const deadLetters = new SqsQueue(this, 'DeadLetters', {
      name: `${name}-dead-letters`,
      sqsManagedSseEnabled: true,
      messageRetentionSeconds: 14 * 86_400,
    });
    const parameter = (parameterId: string, description: string) => {
      const made = new SsmParameter(this, parameterId, {
        name: `/${control.environment}/traffic-control/${parameterId.toLowerCase()}`,
        description,
        type: 'String',
        insecureValue: 'none',
        // People and the function write them.
        lifecycle: { ignoreChanges: ['insecure_value', 'value'] },
      });
      waive(made, { CKV2_AWS_34: 'a time and a dial are no secrets' });
      return made;
    };
    const override = parameter('Override', 'none, or {"until":"2030-01-31T12:00:00Z"}: no move until then');
    const memory = parameter('Memory', 'Last move of the traffic control; it writes this itself');

    const role = new IamRole(this, 'Role', {
      name: controlRoleName(control.environment, region.key),
      description: `Traffic control of ${control.environment}: reads health, and turns the dial of ${control.judged}`,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    });
    const readerRoleArn = balancerAccount && this.reader(props, balancerAccount, role.arn);
    const groups = Object.values(control.regions).map(({ endpointGroupArn }) => endpointGroupArn);
    const enforces = settings.mode === 'enforce';
    const policy = this.policy('Policy', role, [
      { Sid: 'Accelerator', Action: 'globalaccelerator:DescribeAccelerator', Resource: control.acceleratorArn },
      { Sid: 'Groups', Action: 'globalaccelerator:DescribeEndpointGroup', Resource: groups },
      // The action supports no resources (service authorization reference, "CloudWatch").
      { Sid: 'Metrics', Action: 'cloudwatch:GetMetricData', Resource: '*' },
      { Sid: 'Parameters', Action: 'ssm:GetParameters', Resource: [override.arn, memory.arn] },
      { Sid: 'Log', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: `${log.arn}:*` },
      { Sid: 'DeadLetters', Action: 'sqs:SendMessage', Resource: deadLetters.arn },
      ...(readerRoleArn ? [{ Sid: 'Reader', Action: 'sts:AssumeRole', Resource: readerRoleArn }] : []),
      ...(enforces
        ? [
            {
              Sid: 'Dial',
              Action: 'globalaccelerator:UpdateEndpointGroup',
              Resource: control.regions[control.judged]!.endpointGroupArn,
            },
            { Sid: 'Memory', Action: 'ssm:PutParameter', Resource: memory.arn },
          ]
        : []),
    ]);

    const code = new FunctionCode(this, 'Code', {
      name: 'traffic-control',
      module: 'libs/traffic-control/lambda/handler.ts',
    });
    const { mode, floorPercent, stepPercent, lowerAfterMin, raiseAfterMin, errorPercent, p99Ms, minRequestsPerMin } =
      settings;
    const config: ControlConfig = {
      ...control,
      settings: {
        mode,
        floorPercent,
        stepPercent,
        lowerAfterMin,
        raiseAfterMin,
        errorPercent,
        p99Ms,
        minRequestsPerMin,
      },
      ...(readerRoleArn ? { readerRoleArn } : {}),
      overrideParameter: override.name,
      memoryParameter: memory.name,
    };
    const lambda = new LambdaFunction(this, 'Function', {
      functionName: name,
      description: `Judges ${control.judged} from ${region.key}`,
      role: role.arn,
      runtime: functionRuntime,
      architectures: ['arm64'],
      handler: 'index.handler',
      filename: code.fileName,
      sourceCodeHash: code.sha256Base64,
      memorySize: 256,
      timeout: 30,
      reservedConcurrentExecutions: 1,
      environment: { variables: { CONTROL: JSON.stringify(config) } },
      deadLetterConfig: { targetArn: deadLetters.arn },
      // And so on the log group, which Lambda would make itself without a key, and the queue, which it checks at once.
      dependsOn: [policy],
    });
    waive(lambda, {
      CKV_AWS_50: 'its log line has every call that failed; a trace would need permissions that it does not use',
      CKV_AWS_117: 'it reaches public endpoints of AWS only, and must work when a VPC does not',
      CKV_AWS_173: 'its variables are names and limits, not secrets',
      CKV_AWS_272: 'the code is in the reviewed plan, by its digest',
    });
    // A late decision is a wrong one: the schedule makes the next in a minute.
    new LambdaFunctionEventInvokeConfig(this, 'Invocation', {
      functionName: lambda.functionName,
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
    });

    const bus = new CloudwatchEventBus(this, 'Bus', {
      name,
      kmsKeyIdentifier: key.arn,
      deadLetterConfig: { arn: deadLetters.arn },
    });
    if (balancerAccount) {
      new CloudwatchEventBusPolicy(this, 'BusPolicy', {
        eventBusName: bus.name,
        policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            {
              Sid: 'Alarms',
              Effect: 'Allow',
              Principal: { AWS: `arn:aws:iam::${balancerAccount.id}:root` },
              Action: 'events:PutEvents',
              Resource: bus.arn,
              Condition: { StringEquals: { 'events:source': 'aws.cloudwatch' } },
            },
          ],
        }),
      });
    }
    const call = (ruleId: string, rule: CloudwatchEventRule) => {
      new CloudwatchEventTarget(this, `${ruleId}Target`, {
        rule: rule.name,
        eventBusName: rule.eventBusName,
        arn: lambda.arn,
        deadLetterConfig: { arn: deadLetters.arn },
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
      });
      new LambdaPermission(this, `${ruleId}Permission`, {
        functionName: lambda.functionName,
        action: 'lambda:InvokeFunction',
        principal: 'events.amazonaws.com',
        sourceArn: rule.arn,
      });
      return rule.arn;
    };
    const senders = [
      call(
        'Alarm',
        new CloudwatchEventRule(this, 'Alarm', {
          name: `${name}-alarm`,
          description: `An alarm of ${control.judged} changed its state`,
          eventBusName: bus.name,
          eventPattern: JSON.stringify({
            ...alarmEvents(control.environment),
            region: [control.regions[control.judged]!.awsRegion],
          }),
        }),
      ),
      call(
        'Schedule',
        new CloudwatchEventRule(this, 'Schedule', {
          name: `${name}-schedule`,
          description: 'Looks also when no alarm can be sent, and for the return',
          scheduleExpression: 'rate(1 minute)',
          eventBusName: 'default',
        }),
      ),
      bus.arn,
    ];
    this.allowDeadLetters(deadLetters, senders);
    this.addAlarms(alarms, lambda, deadLetters);

    this.functionName = lambda.functionName;
    this.logGroupName = log.name;
    this.overrideParameter = override.name;
    this.alarmTopicArn = alarms.topicArn;
  }

  /** The role that reads metrics in the load balancers' account. */
  private reader(
    { control, region }: TrafficControlProps,
    { provider }: NonNullable<TrafficControlProps['balancerAccount']>,
    functionRoleArn: string,
  ): string {
    const role = new IamRole(this, 'Reader', {
      provider,
      name: readerRoleName(control.environment, region.key),
      description: `Lets the traffic control of ${control.environment} read metrics`,
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: functionRoleArn }, Action: 'sts:AssumeRole' }],
      }),
    });
    this.policy(
      'ReaderPolicy',
      role,
      [{ Sid: 'Metrics', Action: 'cloudwatch:GetMetricData', Resource: '*' }],
      provider,
    );
    return role.arn;
  }

  private policy(id: string, role: IamRole, statements: readonly Statement[], provider?: AwsProvider): IamRolePolicy {
    return new IamRolePolicy(this, id, {
      ...(provider ? { provider } : {}),
      name: 'traffic-control',
      role: role.name,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: statements.map(({ Sid, ...rest }) => ({ Sid, Effect: 'Allow', ...rest })),
      }),
    });
  }

  private allowDeadLetters(queue: SqsQueue, senders: readonly string[]): void {
    new SqsQueuePolicy(this, 'DeadLettersPolicy', {
      queueUrl: queue.url,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Events',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource: queue.arn,
            Condition: { ArnEquals: { 'aws:SourceArn': senders } },
          },
          // SQS also accepts plain HTTP.
          {
            Sid: 'NoPlainHttp',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sqs:*',
            Resource: queue.arn,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      }),
    });
  }

  private addAlarms(alarms: Alarms, lambda: LambdaFunction, deadLetters: SqsQueue): void {
    const metricOf = (metricName: string) => ({
      namespace: 'AWS/Lambda',
      metricName,
      dimensions: { FunctionName: lambda.functionName },
      statistic: 'Sum',
      periodSec: 60,
    });
    alarms.add('ControlErrors', {
      description: 'The traffic control fails: see its log; dials stay as they are, and failover works without it',
      metric: metricOf('Errors'),
      above: 0,
      periods: 3,
    });
    alarms.add('ControlThrottles', {
      description: 'Events find the traffic control busy: see how long its calls take in its log',
      metric: metricOf('Throttles'),
      above: 5,
      periods: 3,
    });
    alarms.add('ControlSilent', {
      description: 'The traffic control is not called once a minute: see its schedule and its dead letters',
      metric: metricOf('Invocations'),
      below: 1,
      periods: 10,
      missing: 'breaching',
    });
    alarms.add('ControlDeadLetters', {
      description: 'Events did not reach the traffic control or failed there: read the messages, then purge the queue',
      metric: {
        namespace: 'AWS/SQS',
        metricName: 'ApproximateNumberOfMessagesVisible',
        dimensions: { QueueName: deadLetters.name },
        statistic: 'Maximum',
        periodSec: 60,
      },
      above: 0,
    });
  }
}
