import type { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { Alarms } from '@platform/libs/observability/alarms';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import type { Colour } from '@platform/libs/settings/application';
import type { Environment } from '@platform/libs/settings/environment';
import { imageIdIn } from '@platform/libs/settings/images';
import { instanceLifetimeDays } from '@platform/libs/settings/instance-lifetime';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { Balancer } from './balancer';
import type { DataStoreAccess } from './data-access';
import { Fleet } from './fleet';
import { InstanceRole } from './instance-role';
import type { NetworkBalancer } from './network-balancer';
import type { FleetPlan } from './release';
import { userData } from './user-data';

export interface FleetsProps {
  /** Prefix of the names of groups, role and log. */
  readonly name: string;
  readonly environment: Environment;
  readonly region: Pick<RegionSettings, 'key' | 'awsRegion' | 'role'>;
  readonly accountId: string;
  readonly plans: readonly FleetPlan[];
  /** Port of the service. */
  readonly port: number;
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

/**
 * Both fleets (each a {@link Fleet}), with their shared role and log.
 *
 * The fleet with all requests also joins the other target group, which has no share. The accelerator treats a load
 * balancer as healthy only while every target group has a healthy target (Global Accelerator developer guide, "Health
 * check options"). Otherwise an idle fleet that is scaled to zero or broken would take its region out.
 */
export class Fleets extends Construct {
  private readonly fleets: Readonly<Record<Colour, Fleet>>;
  private readonly plans: readonly FleetPlan[];

  constructor(scope: Construct, id: string, props: FleetsProps) {
    super(scope, id);
    const { name, region, uses } = props;
    this.plans = props.plans;
    const log = new EncryptedLogGroup(this, 'Log', {
      name: `/${name}/service`,
      retentionDays: props.environment.application.logRetentionDays,
      awsRegion: region.awsRegion,
      accountId: props.accountId,
    });
    const role = new InstanceRole(this, 'Role', {
      name: `${name}-${region.key}`,
      description: 'Instances of the application',
      permissions: [
        { sid: 'Log', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${log.arn}:*`] },
        ...uses.flatMap(({ permissions }) => permissions),
      ],
    });
    const fleets = props.plans.map(
      (plan) => [plan.colour, this.fleet(props, plan, log.name, role.profileArn)] as const,
    );
    this.fleets = Object.fromEntries(fleets) as Record<Colour, Fleet>;
  }

  /** The fleet of one colour. */
  groupOf(colour: Colour): AutoscalingGroup {
    return this.fleets[colour].group;
  }

  /** The Auto Scaling groups of the colours with requests: the listener depends on them. */
  get activeGroups(): AutoscalingGroup[] {
    return this.plans.filter(({ weight }) => weight > 0).map(({ colour }) => this.groupOf(colour));
  }

  /**
   * Scales both fleets after `routes`, the resources that connect the load balancer to their target groups: see
   * {@link Fleet.follow}.
   */
  follow(routes: ITerraformDependable[]): void {
    for (const fleet of Object.values(this.fleets)) fleet.follow(routes);
  }

  private fleet(props: FleetsProps, plan: FleetPlan, logGroup: string, instanceProfileArn: string): Fleet {
    const { environment, region, uses, balancer, networkBalancer } = props;
    const { colour } = plan;
    const settings = environment.application;
    const idleTargetGroups = this.plans
      .filter(({ weight }) => weight === 0)
      .map((idle) => balancer.targetGroups[idle.colour].arn);
    const { name: release, image } = settings.releases[colour];
    return new Fleet(this, colour === 'blue' ? 'Blue' : 'Green', {
      name: `${props.name}-${colour}`,
      plan,
      settings,
      image: imageIdIn(image, region.key),
      userData: userData({
        logGroup,
        variables: {
          PORT: String(props.port),
          REGION: region.awsRegion,
          HEALTH_PATH: environment.edge.healthCheck.path,
          COLOUR: colour,
          RELEASE: release,
          ...(Object.assign({}, ...uses.map(({ variables }) => variables)) as Record<string, string>),
        },
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
      moreTargetGroupArns: plan.weight > 0 ? [...idleTargetGroups, ...(networkBalancer?.targetGroupArns ?? [])] : [],
      alarms: props.alarms,
      instanceTags: { colour, release },
    });
  }
}
