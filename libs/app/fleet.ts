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
import type { FleetPlan } from './release';

export interface FleetProps {
  /** Name of template and group, with the colour. */
  readonly name: string;
  readonly plan: FleetPlan;
  readonly settings: Pick<ApplicationSettings, 'instanceType' | 'diskGib' | 'scaling' | 'replaces'>;
  /** `ami-…`, or `resolve:ssm:…` for a parameter that is asked at every launch. */
  readonly image: string;
  /** Script of the first start, in clear. */
  readonly userData: string;
  readonly instanceProfileArn: string;
  readonly securityGroupIds: string[];
  /** Application subnets, one per zone. */
  readonly subnetIds: string[];
  readonly balancer: Lb;
  readonly targetGroup: LbTargetGroup;
  /** ARNs of further target groups that it joins: those of a colour without requests, and of a network balancer. */
  readonly moreTargetGroupArns: readonly string[];
  readonly alarms: Alarms;
  /** Tags of the instances; AWS does not hand the group's own tags on. */
  readonly instanceTags: Readonly<Record<string, string>>;
}

/**
 * The instances of one colour: a launch template, a group over all zones that follows CPU and requests, and a rolling
 * replacement that stops when an alarm goes off.
 *
 * Nothing waits for its targets to become healthy before weights move (the decision says why the provider cannot), so a
 * colour stands there, without requests, before its first ones: `docs/decisions/releases-and-health.md`.
 *
 * A replacement that fails rolls back by itself where the image is an AMI id; where it is a parameter, EC2 cannot
 * (EC2 Auto Scaling API, RollbackInstanceRefresh), and going back is a matter of the colours' weights.
 *
 * Costs what its instances cost: m7g.large $0.0816 an hour, about $60 a month (list price, US East, check). A region has 500
 * groups unless more were asked for (EC2 Auto Scaling user guide, "Quotas for Auto Scaling resources and groups"). SLA of EC2 in a region 99.99 %.
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
      maxInstanceLifetime: 30 * 86_400,
      // More before less, in whatever replaces instances.
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
      tag: Object.entries({ ...props.instanceTags, Name: name }).map(([key, value]) => ({
        key,
        value,
        propagateAtLaunch: true,
      })),
    });
    this.capacityAlarms(props);
  }

  private template({ name, settings, ...props }: FleetProps): LaunchTemplate {
    // A local, because references inside the script would be escaped in an argument of a function.
    const script = new TerraformLocal(this, 'Script', props.userData);
    return new LaunchTemplate(this, 'Template', {
      name,
      updateDefaultVersion: true,
      imageId: props.image,
      instanceType: settings.instanceType,
      // cloud-init unpacks it (cloud-init documentation, "User-data formats").
      userData: Fn.base64gzip(script.asString),
      iamInstanceProfile: { arn: props.instanceProfileArn },
      vpcSecurityGroupIds: props.securityGroupIds,
      ebsOptimized: 'true',
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          // With the account's own EBS key: Auto Scaling would need grants on any other, and nothing is kept here.
          ebs: { volumeType: 'gp3', volumeSize: settings.diskGib, encrypted: 'true', deleteOnTermination: 'true' },
        },
      ],
      tagSpecifications: ['instance', 'volume'].map((resourceType) => ({
        resourceType,
        tags: { ...props.instanceTags, Name: name },
      })),
    });
  }

  /**
   * Follows CPU and requests. `routes` are what joins the target group to the balancer: AWS refuses to count the requests of
   * a group that no balancer routes to (EC2 Auto Scaling user guide, "Target tracking scaling policies"). A colour without
   * requests comes after them as a whole, so that it loses its instances only when nothing sends to them any more.
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
    });
    // A group of one size is at its limit from the start.
    if (plan.max === plan.min) return;
    alarms.add(`${this.node.id}AtLimit`, {
      description: `${plan.colour} has as many instances as it may have: raise capacity in infra.config.ts or find the load`,
      metric: metricOf('GroupDesiredCapacity'),
      above: plan.max - 1,
      periods: 10,
    });
  }
}
