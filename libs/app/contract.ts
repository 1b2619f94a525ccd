import { defineContract, list, map, sensitiveText, text } from '@platform/libs/contract/contract';
import type { RegionSettings } from '@platform/libs/settings/region';

/** Outputs of a region's application. Maps are by colour: `blue`, `green`. */
export function applicationContract(region: RegionSettings, name: string) {
  const { key, awsRegion } = region;
  const arn = (service: string, resource: string) => `arn:aws:${service}:${awsRegion}:222222222222:${resource}`;
  const balancer = 'app/example-app/0eeeeeeeeeeeeeee';
  return defineContract({
    stack: `region-${key}-${name}`,
    project: `region-${key}/${name}`,
    stateRegion: region,
    fields: {
      balancerArn: text('ARN of the internet balancer', arn('elasticloadbalancing', `loadbalancer/${balancer}`)),
      balancerDnsName: text('Its DNS name at AWS', `example-app-0000000000.${awsRegion}.elb.amazonaws.com`),
      balancerZoneId: text('Hosted zone of that name, for alias records', 'Z00EXAMPLE00EXAMPLE0'),
      balancerArnSuffix: text('Dimension LoadBalancer of its metrics', balancer),
      targetGroupArnSuffixes: map('Dimension TargetGroup of the metrics of each colour', {
        blue: 'targetgroup/example-app-blue/0eeeeeeeeeeeeeee',
        green: 'targetgroup/example-app-green/0eeeeeeeeeeeeeee',
      }),
      autoscalingGroupNames: map('Groups of instances', { blue: 'example-app-blue', green: 'example-app-green' }),
      instanceSecurityGroupId: text('Security group of the instances', 'sg-0eeeeeeeeeeeeeeee'),
      networkBalancerArns: list('ARN of the internal network balancer; empty when there is none', [
        arn('elasticloadbalancing', 'loadbalancer/net/example-app/0eeeeeeeeeeeeeee'),
      ]),
      webAclArn: text(
        'ARN of the firewall in front of the balancer',
        arn('wafv2', 'regional/webacl/example-app/00000000-0000-4000-8000-000000000000'),
      ),
      logBucketName: text('Bucket of the balancers’ access logs', `example-prod-balancer-logs-${key}`),
      originHeaderValue: sensitiveText(
        'Value by which the balancer knows a distribution',
        '00000000-0000-4000-8000-000000000000',
      ),
      queueUrl: text(
        'URL of the queue; empty when there is none',
        `https://sqs.${awsRegion}.amazonaws.com/222222222222/example-app`,
      ),
      queueArn: text('ARN of the queue; empty when there is none', arn('sqs', 'example-app')),
      deadLetterQueueName: text('Name of the dead-letter queue; empty when there is none', 'example-app-dead-letters'),
      busName: text('Name of the event bus; empty when there is none', 'example-app'),
      alarmTopicArn: text('Topic that the alarms of this stack go to', arn('sns', 'example-app-alarms')),
      alarmArns: map('Alarms by name', {}),
    },
  });
}

/** The contract of a region's application. */
export type ApplicationContract = ReturnType<typeof applicationContract>;
