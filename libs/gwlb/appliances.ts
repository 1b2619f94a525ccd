import { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';
import { AutoscalingPolicy } from '@cdktf/provider-aws/lib/autoscaling-policy';
import { LaunchTemplate } from '@cdktf/provider-aws/lib/launch-template';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { InstanceRole } from '@platform/libs/app/instance-role';
import type { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import type { InspectionSettings } from '@platform/libs/settings/inspection';
import { applianceUserData } from './user-data';

export interface AppliancesProps {
  /** Name of group, template and role: `prod-inspection`. */
  readonly name: string;
  /** Region key: roles have no region. */
  readonly regionKey: string;
  readonly settings: Omit<InspectionSettings, 'alertRetentionDays'>;
  readonly vpcId: string;
  /** Subnets of the appliances, one per zone. */
  readonly subnetIds: string[];
  /** Network of those subnets: the balancer stands in it. */
  readonly block: string;
  /** TCP port on which an appliance says whether it is well. */
  readonly healthPort: number;
  readonly targetGroupArn: string;
  /** What counts as inside for rules. */
  readonly insideCidrs: readonly string[];
  readonly logGroup: EncryptedLogGroup;
  /** Tags of the instances; AWS does not hand the group's own tags on. */
  readonly instanceTags: Readonly<Record<string, string>>;
}

/**
 * Machines with Suricata, spread evenly over the zones. Nobody logs in but by Session Manager, nothing on them is kept, and
 * the balancer's health check decides who is replaced: an appliance that forwards without looking is not well.
 *
 * Costs what the instances cost, in every zone a zone's least number: c7gn.large $0.1248 an hour, about $91 a month (list price,
 * US East, check). A region has 500 groups unless more were asked for (EC2 Auto Scaling user guide, "Quotas for Auto Scaling
 * resources and groups").
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
      // Packages are installed and rules loaded before an appliance is well.
      healthCheckGracePeriod: 900,
      defaultInstanceWarmup: 300,
      maxInstanceLifetime: 30 * 86_400,
      // More before less, in whatever replaces instances.
      instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 150 },
      enabledMetrics: ['GroupDesiredCapacity', 'GroupInServiceInstances', 'GroupMaxSize', 'GroupMinSize'],
      instanceRefresh: {
        strategy: 'Rolling',
        preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 150, instanceWarmup: '300' },
      },
      tag: Object.entries({ ...props.instanceTags, Name: name }).map(([key, value]) => ({
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
      imageId: `resolve:ssm:${settings.image}`,
      instanceType: settings.instanceType,
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

  /** From and to the balancer only, and out by HTTPS for packages, rules, logs and Session Manager. */
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
