import { Construct } from 'constructs';
import { EncryptionKey } from '@platform/libs/data/encryption-key';
import { Alarms } from '@platform/libs/observability/alarms';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import { instanceLifetimeDays } from '@platform/libs/settings/instance-lifetime';
import { privateNetworks } from '@platform/libs/settings/cidr';
import type { Environment } from '@platform/libs/settings/environment';
import { flowLogBucketName } from '@platform/libs/settings/physical-names';
import { networkOf, type RegionSettings } from '@platform/libs/settings/region';
import { Appliances } from './appliances';
import { GatewayLoadBalancer } from './gateway-load-balancer';
import { InspectionEndpoints } from './inspection-endpoints';
import { InspectionNetwork } from './inspection-network';

export interface InspectionProps {
  readonly environment: Environment;
  readonly region: RegionSettings;
  readonly accountId: string;
}

/** TCP port of the appliances' health check. */
const healthPort = 8080;

/**
 * Inspection of one region: a VPC, appliances behind a {@link GatewayLoadBalancer}, and an endpoint in every zone. It
 * gets no traffic until `shared/tgw` attaches the VPC and routes to it.
 */
export class Inspection extends Construct {
  readonly network: InspectionNetwork;
  readonly endpointIds: readonly string[];
  readonly endpointServiceName: string;
  readonly autoscalingGroupName: string;
  readonly alertLogGroupName: string;
  readonly alarms: Alarms;

  constructor(scope: Construct, id: string, { environment, region, accountId }: InspectionProps) {
    super(scope, id);
    const { inspection: settings, flowLogs, onPremises } = environment;
    const { awsRegion, zones } = region;
    const name = `${environment.name}-inspection`;
    const regionCidr = networkOf(region.cidrs, environment);

    // First: what is made below adds its alarms to these.
    const key = new EncryptionKey(this, 'Key', {
      name,
      description: 'Alarms of inspection',
      accountId,
      statements: [
        {
          Sid: 'Alarms',
          Effect: 'Allow',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          Resource: '*',
          Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
        },
      ],
    }).key;
    this.alarms = new Alarms(this, 'Alarms', { name, accountId, kmsKeyArn: key.arn });
    this.network = new InspectionNetwork(this, 'Network', {
      name,
      cidr: networkOf(region.inspectionCidrs, environment),
      regionCidr,
      awsRegion,
      zones,
      accountId,
      gatewayAccess: {
        accounts: Object.values(environment.accounts),
        readableBuckets: environment.privateLink.readableBuckets ?? [],
      },
      flowLogs,
      flowLogBucketName: flowLogBucketName(environment, 'inspection', region.key),
    });
    const balancer = new GatewayLoadBalancer(this, 'Balancer', {
      name,
      vpcId: this.network.vpcId,
      subnetIds: this.network.appliances.subnetIds,
      healthPort,
      accountIds: [accountId],
    });
    this.endpointServiceName = balancer.service.serviceName;
    this.endpointIds = new InspectionEndpoints(this, 'Endpoints', {
      name,
      network: this.network,
      service: balancer.service,
      regionCidr,
    }).ids;

    const logGroup = new EncryptedLogGroup(this, 'Alerts', {
      name: `/${name}/alerts`,
      retentionDays: settings.alertRetentionDays,
      awsRegion,
      accountId,
    });
    this.alertLogGroupName = logGroup.name;
    const appliances = new Appliances(this, 'Appliances', {
      name,
      regionKey: region.key,
      lifetimeDays: instanceLifetimeDays(region),
      settings,
      vpcId: this.network.vpcId,
      subnetIds: this.network.appliances.subnetIds,
      block: this.network.applianceBlock,
      healthPort,
      targetGroupArn: balancer.targetGroup.arn,
      insideCidrs: [...new Set([...privateNetworks, ...(onPremises?.cidrs ?? [])])],
      logGroup,
      wayOut: this.network.wayOut,
    });
    this.autoscalingGroupName = appliances.groupName;
    this.addAlarms(balancer, settings.perZone);
  }

  private addAlarms(
    { balancer, targetGroup }: GatewayLoadBalancer,
    perZone: { readonly min: number; readonly max: number },
  ): void {
    const { alarms } = this;
    // CloudWatch has the name that the zone has in this account.
    const zones = this.network.endpoints.subnets.map(({ availabilityZone }) => availabilityZone);
    zones.forEach((zone, index) => {
      const metric = (metricName: string, statistic: string) => ({
        namespace: 'AWS/GatewayELB',
        metricName,
        dimensions: {
          AvailabilityZone: zone,
          LoadBalancer: balancer.arnSuffix,
          TargetGroup: targetGroup.arnSuffix,
        },
        statistic,
        periodSec: 60,
      });
      alarms.add(`BlindZone${index}`, {
        description:
          'A zone has no appliance that is well: its traffic is lost or passes unseen. See the streams start and units of the newest instance in the log group of the alerts; take the hub’s routes to inspection away by a lower level if it lasts',
        metric: metric('HealthyHostCount', 'Minimum'),
        below: 1,
        periods: 2,
        missing: 'breaching',
      });
    });
    const groupMetric = (metricName: string) => ({
      namespace: 'AWS/AutoScaling',
      metricName,
      dimensions: { AutoScalingGroupName: this.autoscalingGroupName },
      statistic: 'Average',
      periodSec: 60,
    });
    alarms.add('Missing', {
      description: 'Fewer appliances are in service than the least number: launches fail',
      metric: groupMetric('GroupInServiceInstances'),
      below: perZone.min * zones.length,
      periods: 10,
      missing: 'breaching',
    });
    // A fixed size would always be at its limit.
    if (perZone.max === perZone.min) return;
    alarms.add('AtLimit', {
      description: 'There are as many appliances as there may be: raise inspection.perZone.max or find the load',
      metric: groupMetric('GroupDesiredCapacity'),
      above: perZone.max * zones.length - 1,
      periods: 10,
    });
  }
}
