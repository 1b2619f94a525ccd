import type { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import type { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Alarms } from '@platform/libs/observability/alarms';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import type { ApplicationSettings, Colour } from '@platform/libs/settings/application';
import { imageIdIn } from '@platform/libs/settings/images';
import { instanceLifetimeDays } from '@platform/libs/settings/instance-lifetime';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { Balancer } from './balancer';
import type { DataStoreAccess } from './data-access';
import { ContainerCluster } from './container-cluster';
import { ContainerService, type ServiceDimensions } from './container-service';
import { Fleet } from './fleet';
import { InstanceRole, type Permission } from './instance-role';
import type { NetworkBalancer } from './network-balancer';
import type { FleetPlan } from './release';
import { userData, type Archive } from './user-data';

export interface FleetsProps {
  /** Prefix of the names of groups, role and log. */
  readonly name: string;
  readonly settings: ApplicationSettings;
  readonly region: Pick<RegionSettings, 'key' | 'awsRegion' | 'role'>;
  readonly accountId: string;
  readonly plans: readonly FleetPlan[];
  /** Path that answers 200 while the service can serve. */
  readonly healthPath: string;
  /** Data stores that the instances use. */
  readonly uses: readonly DataStoreAccess[];
  /** Application subnets, one per zone. */
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  readonly balancer: Balancer;
  /**
   * Optional. Every fleet with requests joins it with all instances, whatever its share: a canary that joined only at
   * 100 percent would still be in its first health checks when the other fleet leaves.
   */
  readonly networkBalancer?: NetworkBalancer;
  readonly alarms: Alarms;
}

/** Of an Auto Scaling group, or of a service. */
export type FleetDimensions = { readonly AutoScalingGroupName: string } | ServiceDimensions;

/**
 * Both fleets (each a {@link Fleet}, or a {@link ContainerService}), with their shared roles and log.
 *
 * The fleet with all requests also joins the other target group, which has no share. The accelerator treats a load
 * balancer as healthy only while every target group has a healthy target (Global Accelerator developer guide, "Health
 * check options"). Otherwise an idle fleet that is scaled to zero or broken would take its region out.
 */
export class Fleets extends Construct {
  private readonly fleets: Readonly<Record<Colour, Fleet | ContainerService>>;
  private readonly plans: readonly FleetPlan[];

  constructor(scope: Construct, id: string, props: FleetsProps) {
    super(scope, id);
    const { name, region, uses } = props;
    this.plans = props.plans;
    const log = new EncryptedLogGroup(this, 'Log', {
      name: `/${name}/service`,
      retentionDays: props.settings.logRetentionDays,
      awsRegion: region.awsRegion,
      accountId: props.accountId,
    });
    const { releases, secrets } = props.settings;
    const secretArns = Object.values(secrets).flatMap((inRegions) => inRegions[region.key] ?? []);
    const used = uses.flatMap(({ permissions }) => permissions);
    const isContainer = ({ colour }: FleetPlan) => releases[colour].runs === 'container';
    const repository = {
      name: `${props.accountId}.dkr.ecr.${region.awsRegion}.amazonaws.com/${name}`,
      arn: `arn:aws:ecr:${region.awsRegion}:${props.accountId}:repository/${name}`,
    };
    const role = props.plans.every(isContainer)
      ? undefined
      : new InstanceRole(this, 'Role', {
          name: `${name}-${region.key}`,
          description: 'Instances of the application',
          permissions: [
            { sid: 'Log', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${log.arn}:*`] },
            ...used,
            ...archivePermissions(props.settings, region.key),
            ...(secretArns.length > 0
              ? [{ sid: 'Secrets', actions: ['secretsmanager:GetSecretValue'], resources: secretArns }]
              : []),
          ],
        });
    const cluster = props.plans.some(isContainer)
      ? new ContainerCluster(this, 'Containers', {
          name,
          regionKey: region.key,
          accountId: props.accountId,
          repositoryArn: repository.arn,
          secretArns,
          logGroupArn: log.arn,
          permissions: used,
        })
      : undefined;
    const fleets = props.plans.map(
      (plan) =>
        [
          plan.colour,
          isContainer(plan)
            ? this.containers(props, plan, log.name, cluster!, repository.name)
            : this.fleet(props, plan, log.name, role!.profileArn),
        ] as const,
    );
    this.fleets = Object.fromEntries(fleets) as Record<Colour, Fleet | ContainerService>;
  }

  /** The fleet or the service of one colour. */
  groupOf(colour: Colour): AutoscalingGroup | EcsService {
    const fleet = this.fleets[colour];
    return fleet instanceof Fleet ? fleet.group : fleet.service;
  }

  /** The dimensions of what runs the release of a colour, in CloudWatch: of its instances, or of its tasks. */
  metricsOf(colour: Colour): FleetDimensions {
    const fleet = this.fleets[colour];
    return fleet instanceof Fleet ? { AutoScalingGroupName: fleet.group.name } : fleet.dimensions;
  }

  /**
   * The Auto Scaling groups of the colours with requests: the listener depends on them. ECS takes a target group only
   * after a listener has it, so services come after.
   */
  get activeGroups(): ITerraformDependable[] {
    return this.plans
      .filter(({ weight, colour }) => weight > 0 && this.fleets[colour] instanceof Fleet)
      .map(({ colour }) => this.groupOf(colour));
  }

  /**
   * Scales both fleets after `routes`, the resources that connect the load balancer to their target groups: see
   * {@link Fleet.follow}.
   */
  follow(routes: ITerraformDependable[]): void {
    for (const fleet of Object.values(this.fleets)) fleet.follow(routes);
  }

  private fleet(props: FleetsProps, plan: FleetPlan, logGroup: string, instanceProfileArn: string): Fleet {
    const { settings, region, uses, balancer, networkBalancer } = props;
    const { colour } = plan;
    const { name: release, image, runs, artifact } = settings.releases[colour];
    const archive: Archive | undefined = artifact && {
      bucket: artifact.buckets[region.key]!,
      key: artifact.key,
      sha256: artifact.sha256,
      start: artifact.start,
    };
    return new Fleet(this, colour === 'blue' ? 'Blue' : 'Green', {
      name: `${props.name}-${colour}`,
      plan,
      settings,
      image: imageIdIn(image, region.key),
      userData: userData({
        logGroup,
        variables: {
          ...variablesOf(props, colour),
          ...Object.fromEntries(
            Object.entries(settings.secrets).map(([name, inRegions]) => [`${name}_ARN`, inRegions[region.key]!]),
          ),
        },
        ...(runs === 'image' ? { runs } : {}),
        ...(runs === 'artifact' && archive ? { runs: archive } : {}),
      }),
      instanceProfileArn,
      securityGroupIds: [
        props.securityGroupId,
        ...uses.flatMap(({ clientSecurityGroupId }) => clientSecurityGroupId ?? []),
      ],
      lifetimeDays: instanceLifetimeDays(region),
      subnetIds: props.subnetIds,
      balancer: balancer.lb,
      targetGroup: balancer.targetGroups[colour],
      moreTargetGroupArns:
        plan.weight > 0 ? [...this.idleTargetGroups(props, plan), ...(networkBalancer?.targetGroupArns ?? [])] : [],
      alarms: props.alarms,
      instanceTags: { colour, release },
    });
  }

  private containers(
    props: FleetsProps,
    plan: FleetPlan,
    logGroup: string,
    { cluster, executionRoleArn, taskRoleArn }: ContainerCluster,
    repository: string,
  ): ContainerService {
    const { settings, region, uses, balancer } = props;
    const { colour } = plan;
    return new ContainerService(this, colour === 'blue' ? 'Blue' : 'Green', {
      name: `${props.name}-${colour}`,
      plan,
      settings,
      container: settings.releases[colour].container!,
      repository,
      cluster: { arn: cluster.arn, name: props.name },
      executionRoleArn,
      taskRoleArn,
      variables: variablesOf(props, colour),
      secrets: Object.fromEntries(
        Object.entries(settings.secrets).map(([name, inRegions]) => [name, inRegions[region.key]!]),
      ),
      logGroup,
      awsRegion: region.awsRegion,
      securityGroupIds: [
        props.securityGroupId,
        ...uses.flatMap(({ clientSecurityGroupId }) => clientSecurityGroupId ?? []),
      ],
      subnetIds: props.subnetIds,
      balancer: balancer.lb,
      targetGroup: balancer.targetGroups[colour],
      moreTargetGroupArns: plan.weight > 0 ? this.idleTargetGroups(props, plan) : [],
      alarms: props.alarms,
    });
  }

  /** Target groups of colours without requests that take the same kind of targets. */
  private idleTargetGroups(
    { settings: { releases, weights }, balancer }: FleetsProps,
    { colour }: FleetPlan,
  ): string[] {
    // Both colours run, and a share that a command gives must reach the targets of its colour only.
    if (weights === 'by-command') return [];
    const isContainer = (each: Colour) => releases[each].runs === 'container';
    return this.plans
      .filter((idle) => idle.weight === 0 && isContainer(idle.colour) === isContainer(colour))
      .map((idle) => balancer.targetGroups[idle.colour].arn);
  }
}

/** Environment variables of the service of one colour. */
function variablesOf({ settings, region, uses, healthPath }: FleetsProps, colour: Colour): Record<string, string> {
  return {
    PORT: String(settings.port),
    REGION: region.awsRegion,
    HEALTH_PATH: healthPath,
    COLOUR: colour,
    RELEASE: settings.releases[colour].name,
    ...(Object.assign({}, ...uses.map(({ variables }) => variables)) as Record<string, string>),
    ...settings.variables,
  };
}

function archivePermissions({ releases }: ApplicationSettings, regionKey: string): Permission[] {
  const resources = Object.values(releases).flatMap(({ runs, artifact }) =>
    runs === 'artifact' && artifact ? [`arn:aws:s3:::${artifact.buckets[regionKey]!}/${artifact.key}`] : [],
  );
  return resources.length > 0
    ? [{ sid: 'Archives', actions: ['s3:GetObject'], resources: [...new Set(resources)] }]
    : [];
}
