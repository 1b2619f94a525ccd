import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import type { Lb } from '@cdktf/provider-aws/lib/lb';
import type { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { dependable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Alarms } from '@platform/libs/observability/alarms';
import type { ApplicationSettings, ContainerSettings } from '@platform/libs/settings/application';
import type { FleetPlan } from './release';

export interface ContainerServiceProps {
  /** Name of service and task definition, with the colour. */
  readonly name: string;
  readonly plan: FleetPlan;
  readonly settings: Pick<ApplicationSettings, 'scaling' | 'processor' | 'port'>;
  readonly container: ContainerSettings;
  /** Registry and repository: `222222222222.dkr.ecr.us-east-1.amazonaws.com/prod-shop`. */
  readonly repository: string;
  readonly cluster: { readonly arn: string; readonly name: string };
  /** Pulls the image, reads the secrets, writes the log. */
  readonly executionRoleArn: string;
  /** Permissions of the service itself. */
  readonly taskRoleArn: string;
  readonly variables: Readonly<Record<string, string>>;
  /** ARNs of secrets by the variable that gets the value. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly logGroup: string;
  readonly awsRegion: string;
  readonly securityGroupIds: string[];
  /** Application subnets, one per zone. */
  readonly subnetIds: string[];
  readonly balancer: Lb;
  readonly targetGroup: LbTargetGroup;
  /** Target group of the colour without requests, if this one has all. */
  readonly moreTargetGroupArns: readonly string[];
  readonly alarms: Alarms;
}

/** Dimensions of a service's metrics. */
export interface ServiceDimensions {
  readonly ClusterName: string;
  readonly ServiceName: string;
}

/** Name of the container in its task definition. */
const containerName = 'service';

/**
 * The tasks of one colour: a service on Fargate over all zones that scales with CPU and requests.
 *
 * Its deployment is a rolling update that registers and deregisters targets of its target groups and does not know the
 * weights of the listener, which stay those of Terraform or of `npx platform release`. The circuit breaker needs the
 * rolling update; a service that does not become healthy goes back to its last completed deployment, and so does one whose
 * alarm fires (ECS API reference, "DeploymentCircuitBreaker", "DeploymentAlarms":
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentCircuitBreaker.html).
 *
 * A service may have up to five target groups
 * (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/register-multiple-targetgroups.html).
 */
export class ContainerService extends Construct {
  readonly service: EcsService;
  private readonly props: ContainerServiceProps;

  constructor(scope: Construct, id: string, props: ContainerServiceProps) {
    super(scope, id);
    this.props = props;
    const { name, plan, settings, container, cluster } = props;
    const unhealthy = props.alarms.add(`${id}Unhealthy`, {
      description: `Tasks that stand for ${plan.colour} fail their health path: see the log for which check, and whether a release or a dependency is to blame`,
      metric: {
        namespace: 'AWS/ApplicationELB',
        metricName: 'UnHealthyHostCount',
        dimensions: { LoadBalancer: props.balancer.arnSuffix, TargetGroup: props.targetGroup.arnSuffix },
        statistic: 'Maximum',
        periodSec: 60,
      },
      above: 0,
      periods: 3,
    });
    const task = new EcsTaskDefinition(this, 'Task', {
      family: name,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: String(container.cpuUnits),
      memory: String(container.memoryMib),
      runtimePlatform: {
        operatingSystemFamily: 'LINUX',
        cpuArchitecture: settings.processor === 'arm64' ? 'ARM64' : 'X86_64',
      },
      executionRoleArn: props.executionRoleArn,
      taskRoleArn: props.taskRoleArn,
      containerDefinitions: JSON.stringify([
        {
          name: containerName,
          image: `${props.repository}@${container.digest}`,
          essential: true,
          readonlyRootFilesystem: true,
          portMappings: [{ containerPort: settings.port, protocol: 'tcp' }],
          environment: Object.entries(props.variables).map(([key, value]) => ({ name: key, value })),
          secrets: Object.entries(props.secrets).map(([key, valueFrom]) => ({ name: key, valueFrom })),
          logConfiguration: {
            logDriver: 'awslogs',
            options: {
              'awslogs-group': props.logGroup,
              'awslogs-region': props.awsRegion,
              'awslogs-stream-prefix': plan.colour,
            },
          },
        },
      ]),
      // A task of the old revision can start until the service has the new one.
      lifecycle: { createBeforeDestroy: true },
    });
    this.service = new EcsService(this, 'Service', {
      name,
      cluster: cluster.arn,
      taskDefinition: task.arn,
      launchType: 'FARGATE',
      platformVersion: 'LATEST',
      desiredCount: plan.min,
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { enable: true, rollback: true, alarmNames: [unhealthy.alarmName] },
      healthCheckGracePeriodSeconds: 120,
      availabilityZoneRebalancing: 'ENABLED',
      enableExecuteCommand: false,
      propagateTags: 'SERVICE',
      enableEcsManagedTags: true,
      networkConfiguration: {
        subnets: props.subnetIds,
        securityGroups: props.securityGroupIds,
        assignPublicIp: false,
      },
      loadBalancer: [props.targetGroup.arn, ...props.moreTargetGroupArns].map((targetGroupArn) => ({
        targetGroupArn,
        containerName,
        containerPort: settings.port,
      })),
      // Scaling changes it. A service with no task stays at its number.
      ...(plan.max > 0 ? { lifecycle: { ignoreChanges: ['desired_count'] } } : {}),
    });
    this.capacityAlarms(id);
  }

  /**
   * Scales with CPU and requests. `routes`: the resources that connect the load balancer to the target group: ECS refuses a
   * service whose target group has no load balancer, and a service without requests loses its tasks only after these stop.
   */
  follow(routes: ITerraformDependable[]): void {
    const { plan, settings, cluster, balancer, targetGroup } = this.props;
    if (plan.weight === 0) this.service.dependsOn = routes.map(dependable);
    if (plan.max === 0) return;
    const target = new AppautoscalingTarget(this, 'Capacity', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${cluster.name}/${this.service.name}`,
      minCapacity: plan.min,
      maxCapacity: plan.max,
    });
    const track = (id: string, targetValue: number, predefinedMetricType: string, resourceLabel?: string) =>
      new AppautoscalingPolicy(this, id, {
        name: id,
        policyType: 'TargetTrackingScaling',
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          targetValue,
          predefinedMetricSpecification: { predefinedMetricType, ...(resourceLabel ? { resourceLabel } : {}) },
        },
        dependsOn: routes,
      });
    track('Cpu', settings.scaling.cpuPercent, 'ECSServiceAverageCPUUtilization');
    track(
      'Requests',
      settings.scaling.requestsPerMinute,
      'ALBRequestCountPerTarget',
      `${balancer.arnSuffix}/${targetGroup.arnSuffix}`,
    );
  }

  /** Of its metrics in CloudWatch. */
  get dimensions(): ServiceDimensions {
    return { ClusterName: this.props.cluster.name, ServiceName: this.service.name };
  }

  private capacityAlarms(id: string): void {
    const { plan, alarms } = this.props;
    if (plan.max === 0) return;
    const metricOf = (metricName: string) => ({
      namespace: 'ECS/ContainerInsights',
      metricName,
      dimensions: { ...this.dimensions },
      statistic: 'Average',
      periodSec: 60,
    });
    alarms.add(`${id}Missing`, {
      description: `${plan.colour} runs fewer tasks than its least number: tasks do not start, see the events of the service`,
      metric: metricOf('RunningTaskCount'),
      below: plan.min,
      periods: 10,
      missing: 'breaching',
    });
    if (plan.max === plan.min) return;
    alarms.add(`${id}AtLimit`, {
      description: `${plan.colour} has as many tasks as it may have: raise capacity in infra.config.ts or find the load`,
      metric: metricOf('DesiredTaskCount'),
      above: plan.max - 1,
      periods: 10,
      missing: 'breaching',
    });
  }
}
