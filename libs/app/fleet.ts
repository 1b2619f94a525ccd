import { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';
import {
  AutoscalingPolicy,
  type AutoscalingPolicyTargetTrackingConfigurationPredefinedMetricSpecification,
} from '@cdktf/provider-aws/lib/autoscaling-policy';
import type { Lb } from '@cdktf/provider-aws/lib/lb';
import type { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import { dependable, Fn, TerraformLocal, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { ApplicationSettings } from '@platform/libs/settings/application';
import type { Alarms } from '@platform/libs/observability/alarms';
import { launchTags } from '@platform/libs/stack/launch-tags';
import type { FleetPlan } from './release';

export interface FleetProps {
  /** Name of launch template and Auto Scaling group, with the colour. */
  readonly name: string;
  readonly plan: FleetPlan;
  readonly settings: Pick<ApplicationSettings, 'instanceType' | 'diskGib' | 'scaling' | 'replaces'>;
  /** `ami-…`, or `resolve:ssm:…` for a parameter that is resolved at every launch. */
  readonly image: string;
  /** User data of the first start, as plain text. */
  readonly userData: string;
  readonly instanceProfileArn: string;
  readonly securityGroupIds: string[];
  /** Age at which an instance is replaced, in days. */
  readonly lifetimeDays: number;
  /** Application subnets, one per zone. */
  readonly subnetIds: string[];
  readonly balancer: Lb;
  readonly targetGroup: LbTargetGroup;
  /**
   * ARNs of further target groups that it joins: that of the colour without requests, and those of a network load
   * balancer.
   */
  readonly moreTargetGroupArns: readonly string[];
  readonly alarms: Alarms;
  /** Tags of the instances beside the stack's. */
  readonly instanceTags: Readonly<Record<string, string>>;
}

/**
 * The instances of one colour: a launch template, an Auto Scaling group over all zones that scales with CPU and
 * requests, and an instance refresh that stops when an alarm fires.
 *
 * Terraform does not wait until targets are healthy before weights move, so a fleet must run before its first requests:
 * `docs/decisions/releases-and-health.md`.
 *
 * A failed refresh rolls back automatically if the image is an AMI id. With a parameter EC2 cannot (EC2 Auto Scaling
 * API, RollbackInstanceRefresh); set the weights back instead.
 *
 * Quota: up to 500 Auto Scaling groups per region (EC2 Auto Scaling user guide, "Quotas for Auto Scaling resources and
 * groups").
 */
export class Fleet extends Construct {
  readonly group: AutoscalingGroup;
  private readonly props: FleetProps;

  constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id);
    this.props = props;
    const { name, plan, settings, image } = props;
    const template = this.template(props);
    const unhealthy = this.healthAlarm(props);
    this.group = new AutoscalingGroup(this, 'Group', {
      name,
      minSize: plan.min,
      maxSize: plan.max,
      vpcZoneIdentifier: props.subnetIds,
      targetGroupArns: [props.targetGroup.arn, ...props.moreTargetGroupArns],
      launchTemplate: { id: template.id, version: Fn.tostring(template.latestVersion) },
      healthCheckType: settings.replaces === 'failed-health-checks' ? 'ELB' : 'EC2',
      healthCheckGracePeriod: 120,
      defaultInstanceWarmup: 60,
      maxInstanceLifetime: props.lifetimeDays * 86_400,
      // Launch new instances before terminating old ones, for every kind of replacement.
      instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 120 },
      enabledMetrics: ['GroupDesiredCapacity', 'GroupInServiceInstances', 'GroupMaxSize', 'GroupMinSize'],
      instanceRefresh: {
        strategy: 'Rolling',
        preferences: {
          minHealthyPercentage: 100,
          maxHealthyPercentage: 120,
          instanceWarmup: '60',
          autoRollback: image.startsWith('ami-'),
          alarmSpecification: { alarms: [unhealthy.alarmName] },
        },
      },
      tag: Object.entries(launchTags(this, { ...props.instanceTags, Name: name })).map(([key, value]) => ({
        key,
        value,
        propagateAtLaunch: true,
      })),
    });
    this.capacityAlarms(props);
  }

  private template({ name, settings, ...props }: FleetProps): LaunchTemplate {
    // A local, because Terraform would escape references inside the script in a function argument.
    const script = new TerraformLocal(this, 'Script', props.userData);
    return new LaunchTemplate(this, 'Template', {
      name,
      updateDefaultVersion: true,
      imageId: props.image,
      instanceType: settings.instanceType,
      // cloud-init decompresses it (cloud-init documentation, "User-data formats").
      userData: Fn.base64gzip(script.asString),
      iamInstanceProfile: { arn: props.instanceProfileArn },
      vpcSecurityGroupIds: props.securityGroupIds,
      ebsOptimized: 'true',
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          // Uses the account's EBS key: Auto Scaling would need grants on any other key, and instances keep no data.
          ebs: { volumeType: 'gp3', volumeSize: settings.diskGib, encrypted: 'true', deleteOnTermination: 'true' },
        },
      ],
      tagSpecifications: ['instance', 'volume'].map((resourceType) => ({
        resourceType,
        tags: launchTags(this, { ...props.instanceTags, Name: name }),
      })),
    });
  }

  /**
   * Scales with CPU and requests. `routes`: the resources that connect the load balancer to the target group. AWS
   * refuses to scale by the requests of a group that no load balancer routes to (EC2 Auto Scaling user guide, "Target
   * tracking scaling policies"). A fleet without requests depends on all of them, so that it loses its instances only
   * after requests stop.
   */
  follow(routes: ITerraformDependable[]): void {
    const { plan, settings, balancer, targetGroup } = this.props;
    if (plan.weight === 0) this.group.dependsOn = routes.map(dependable);
    if (plan.max === 0) return;
    const track = (
      id: string,
      targetValue: number,
      metric: AutoscalingPolicyTargetTrackingConfigurationPredefinedMetricSpecification,
    ) =>
      new AutoscalingPolicy(this, id, {
        name: id,
        autoscalingGroupName: this.group.name,
        policyType: 'TargetTrackingScaling',
        targetTrackingConfiguration: { targetValue, predefinedMetricSpecification: metric },
        dependsOn: routes,
      });
    track('Cpu', settings.scaling.cpuPercent, { predefinedMetricType: 'ASGAverageCPUUtilization' });
    track('Requests', settings.scaling.requestsPerMinute, {
      predefinedMetricType: 'ALBRequestCountPerTarget',
      resourceLabel: `${balancer.arnSuffix}/${targetGroup.arnSuffix}`,
    });
  }

  private healthAlarm({ plan, balancer, targetGroup, alarms }: FleetProps) {
    return alarms.add(`${this.node.id}Unhealthy`, {
      description: `Instances that stand for ${plan.colour} fail their health path: see the log for which check, and whether a release or a dependency is to blame`,
      metric: {
        namespace: 'AWS/ApplicationELB',
        metricName: 'UnHealthyHostCount',
        dimensions: { LoadBalancer: balancer.arnSuffix, TargetGroup: targetGroup.arnSuffix },
        statistic: 'Maximum',
        periodSec: 60,
      },
      above: 0,
      periods: 3,
      tells: 'cause',
    });
  }

  private capacityAlarms({ plan, alarms }: FleetProps): void {
    const metricOf = (metricName: string) => ({
      namespace: 'AWS/AutoScaling',
      metricName,
      dimensions: { AutoScalingGroupName: this.group.name },
      statistic: 'Average',
      periodSec: 60,
    });
    if (plan.max === 0) return;
    alarms.add(`${this.node.id}Missing`, {
      description: `${plan.colour} has fewer instances in service than its least number: launches fail`,
      metric: metricOf('GroupInServiceInstances'),
      below: plan.min,
      periods: 10,
      missing: 'breaching',
      tells: 'cause',
    });
    // A fleet of fixed size is always at its limit.
    if (plan.max === plan.min) return;
    alarms.add(`${this.node.id}AtLimit`, {
      description: `${plan.colour} has as many instances as it may have: raise capacity in infra.config.ts or find the load`,
      metric: metricOf('GroupDesiredCapacity'),
      above: plan.max - 1,
      periods: 10,
    });
  }
}
