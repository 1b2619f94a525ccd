import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { alarmEvents } from './traffic-control';

export interface AlarmForwardingProps {
  /** Name of rule and role; IAM names are global, so it contains the region's key. */
  readonly name: string;
  /** Name of the environment. */
  readonly environment: string;
  /** Bus of the region that judges this one. */
  readonly busArn: string;
  /** Provider of the account and region with the alarms. Default: the stack's. */
  readonly provider?: AwsProvider;
}

/**
 * Sends the state changes of the application's alarms to the region that judges this one. They only make its function look
 * earlier: the schedule there does the same when this region is lost.
 *
 * The target is an event bus of another region, perhaps of another account, so the rule needs a role (EventBridge user
 * guide, "Sending and receiving events between AWS Regions").
 */
export class AlarmForwarding extends Construct {
  constructor(scope: Construct, id: string, { name, environment, busArn, ...props }: AlarmForwardingProps) {
    super(scope, id);
    const provider = props.provider ? { provider: props.provider } : {};
    const role = new IamRole(this, 'Role', {
      ...provider,
      name,
      description: 'Lets EventBridge send alarm events to the traffic control of another region',
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
    });
    new IamRolePolicy(this, 'Policy', {
      ...provider,
      name: 'events',
      role: role.name,
      policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Sid: 'Events', Effect: 'Allow', Action: 'events:PutEvents', Resource: busArn }],
      }),
    });
    const rule = new CloudwatchEventRule(this, 'Rule', {
      ...provider,
      name,
      description: "Alarms of the application, for another region's traffic control",
      eventPattern: JSON.stringify(alarmEvents(environment)),
    });
    new CloudwatchEventTarget(this, 'Target', { ...provider, rule: rule.name, arn: busArn, roleArn: role.arn });
  }
}
