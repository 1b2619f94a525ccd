import { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';
import { AutoscalingPolicy } from '@cdktf/provider-aws/lib/autoscaling-policy';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Fn, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { InstanceRole } from '@platform/libs/app/instance-role';
import type { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import { imageIdIn } from '@platform/libs/settings/images';
import { instanceTypeIn, type InspectionSettings } from '@platform/libs/settings/inspection';
import { launchTags } from '@platform/libs/stack/launch-tags';
import { applianceUserData } from './user-data';

export interface AppliancesProps {
  /** Name of Auto Scaling group, launch template and role: `prod-inspection`. */
  readonly name: string;
  /** Region key; the role's name contains it, because IAM is global. */
  readonly regionKey: string;
  /** Age at which an appliance is replaced, in days. */
  readonly lifetimeDays: number;
  readonly settings: Omit<InspectionSettings, 'alertRetentionDays'>;
  readonly vpcId: string;
  /** Subnets of the appliances, one per zone. */
  readonly subnetIds: string[];
  /** Range of those subnets, which contain the load balancer. */
  readonly block: string;
  /** TCP port of an appliance's health check. */
  readonly healthPort: number;
  readonly targetGroupArn: string;
  /** Networks that rules treat as internal. */
  readonly insideCidrs: readonly string[];
  readonly logGroup: EncryptedLogGroup;
  /** The subnets' way out: an appliance installs packages and fetches rules at its first start. */
  readonly wayOut: readonly ITerraformDependable[];
}

/**
 * Machines with Suricata, spread evenly over the zones. Access by Session Manager only. They keep no data. The load
 * balancer's health check decides about replacement: an appliance that forwards packets uninspected is unhealthy.
 *
 * Quota: up to 500 Auto Scaling groups per region (EC2 Auto Scaling user guide, "Quotas for Auto Scaling resources and
 * groups").
 */
export class Appliances extends Construct {
  readonly groupName: string;

  constructor(scope: Construct, id: string, props: AppliancesProps) {
    super(scope, id);
    const { name, settings, subnetIds } = props;
    const template = this.template(props);
    const group = new AutoscalingGroup(this, 'Group', {
      name,
      minSize: settings.perZone.min * subnetIds.length,
      maxSize: settings.perZone.max * subnetIds.length,
      vpcZoneIdentifier: subnetIds,
      targetGroupArns: [props.targetGroupArn],
      launchTemplate: { id: template.id, version: Fn.tostring(template.latestVersion) },
      healthCheckType: 'ELB',
      // Packages are installed and rules loaded before an appliance is healthy.
      healthCheckGracePeriod: 900,
      defaultInstanceWarmup: 300,
      maxInstanceLifetime: props.lifetimeDays * 86_400,
      // Launch new instances before terminating old ones, for every kind of replacement.
      instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 150 },
      enabledMetrics: ['GroupDesiredCapacity', 'GroupInServiceInstances', 'GroupMaxSize', 'GroupMinSize'],
      instanceRefresh: {
        strategy: 'Rolling',
        preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 150, instanceWarmup: '300' },
      },
      dependsOn: [...props.wayOut],
      tag: Object.entries(launchTags(this, { Name: name })).map(([key, value]) => ({
        key,
        value,
        propagateAtLaunch: true,
      })),
    });
    this.groupName = group.name;
    this.track('Cpu', 'ASGAverageCPUUtilization', settings.scaling.cpuPercent);
    // Bytes in a minute, the period of detailed monitoring.
    this.track('Traffic', 'ASGAverageNetworkIn', (settings.scaling.megabitsPerSec * 1_000_000 * 60) / 8);
  }

  private track(id: string, predefinedMetricType: string, targetValue: number): void {
    new AutoscalingPolicy(this, id, {
      name: id,
      autoscalingGroupName: this.groupName,
      policyType: 'TargetTrackingScaling',
      targetTrackingConfiguration: { targetValue, predefinedMetricSpecification: { predefinedMetricType } },
    });
  }

  private template({ name, settings, logGroup, ...props }: AppliancesProps): LaunchTemplate {
    const { profileArn } = new InstanceRole(this, 'Role', {
      name: `${name}-${props.regionKey}`,
      description: 'Appliances that inspect traffic',
      permissions: [
        {
          sid: 'Alerts',
          actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          resources: [logGroup.arn, `${logGroup.arn}:*`],
        },
      ],
    });
    const userData = applianceUserData({
      logGroup: logGroup.name,
      rulesUrl: settings.rulesUrl,
      insideCidrs: props.insideCidrs,
      healthPort: props.healthPort,
    });
    return new LaunchTemplate(this, 'Template', {
      name,
      updateDefaultVersion: true,
      imageId: imageIdIn(settings.image, props.regionKey),
      instanceType: instanceTypeIn(settings, props.regionKey),
      userData: Buffer.from(userData).toString('base64'),
      iamInstanceProfile: { arn: profileArn },
      networkInterfaces: [
        {
          associatePublicIpAddress: 'false',
          deleteOnTermination: 'true',
          securityGroups: [this.securityGroup(name, props)],
        },
      ],
      ebsOptimized: 'true',
      metadataOptions: { httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 },
      monitoring: { enabled: true },
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          // Uses the account's EBS key: Auto Scaling would need grants on any other key, and appliances keep no data.
          ebs: { volumeType: 'gp3', volumeSize: settings.diskGib, encrypted: 'true', deleteOnTermination: 'true' },
        },
      ],
      tagSpecifications: ['instance', 'volume'].map((resourceType) => ({
        resourceType,
        tags: launchTags(this, { Name: name }),
      })),
    });
  }

  /**
   * Inbound from the load balancer only; outbound to the load balancer, and HTTPS for packages, rules, logs and Session
   * Manager.
   */
  private securityGroup(name: string, props: Pick<AppliancesProps, 'vpcId' | 'block' | 'healthPort'>): string {
    const { vpcId, block, healthPort } = props;
    const group = new SecurityGroup(this, 'SecurityGroup', {
      name,
      description: 'Appliances that inspect traffic',
      vpcId,
      tags: { Name: name },
    });
    const geneve = { cidrIpv4: block, ipProtocol: 'udp', fromPort: 6081, toPort: 6081 };
    new VpcSecurityGroupIngressRule(group, 'Geneve', {
      securityGroupId: group.id,
      description: 'Packets to be inspected',
      ...geneve,
    });
    new VpcSecurityGroupIngressRule(group, 'Health', {
      securityGroupId: group.id,
      description: 'Health checks of the balancer',
      cidrIpv4: block,
      ipProtocol: 'tcp',
      fromPort: healthPort,
      toPort: healthPort,
    });
    new VpcSecurityGroupEgressRule(group, 'GeneveBack', {
      securityGroupId: group.id,
      description: 'Inspected packets',
      ...geneve,
    });
    new VpcSecurityGroupEgressRule(group, 'Https', {
      securityGroupId: group.id,
      description: 'Packages, rules, logs and Session Manager',
      cidrIpv4: '0.0.0.0/0',
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
    });
    return group.id;
  }
}
