import { Construct } from 'constructs';
import { EncryptionKey, type KeyStatement } from '@platform/libs/data/encryption-key';
import { applicationOf } from '@platform/libs/settings/application';
import {
  apiName,
  applicationName,
  balancerLogBucketName,
  networkBalancerName,
} from '@platform/libs/settings/physical-names';
import { planBalancerAdmission } from '@platform/libs/edge/plan-traffic';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { Alarms } from '@platform/libs/observability/alarms';
import { Balancer } from './balancer';
import { BalancerAlarms } from './balancer-alarms';
import { Fleets } from './fleets';
import type { DataStoreAccess } from './data-access';
import { InstanceSecurityGroup } from './instance-security-group';
import { LogBucket } from './log-bucket';
import { Messaging } from './messaging';
import { networkAddresses } from './network-addresses';
import { NetworkBalancer } from './network-balancer';
import { ObjectiveAlarms } from './objective-alarms';
import { OriginHeader, originHeaderName } from './origin-header';
import { balancerIngress } from './reachability';
import { planFleets } from './release';
import { WebAcl } from './web-acl';

export interface ApplicationProps {
  readonly environment: Environment;
  /** Its name in the settings. */
  readonly application: string;
  readonly region: RegionSettings;
  readonly accountId: string;
  /**
   * Outputs of the region's VPC. The load balancer is in the public subnets, one per zone, the instances in the others.
   */
  readonly network: {
    readonly vpcId: string;
    readonly cidr: string;
    readonly publicSubnetIds: string[];
    readonly appSubnetIds: string[];
  };
  /** Certificate of the load balancer, in this region and account. */
  readonly certificateArn: string;
  readonly dataStores: readonly DataStoreAccess[];
}

/** Allows the services to use the encrypted queues and topic. One statement per service: its Principal is one. */
function senderStatements(accountId: string): KeyStatement[] {
  return ['events', 'cloudwatch'].map((service) => ({
    Sid: service === 'events' ? 'Events' : 'Alarms',
    Effect: 'Allow',
    Principal: { Service: `${service}.amazonaws.com` },
    Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
  }));
}

/**
 * One application in one region: a load balancer with access from the internet or from the edge only, two fleets of
 * instances (blue and green), a queue and an event bus if the settings have them, and alarms. Its capacity is that of
 * {@link Balancer}.
 */
export class Application extends Construct {
  readonly balancer: Balancer;
  readonly fleets: Fleets;
  readonly instanceSecurityGroupId: string;
  readonly networkBalancer?: NetworkBalancer;
  readonly messaging?: Messaging;
  readonly webAcl: WebAcl;
  readonly originHeader: OriginHeader;
  readonly logBucket: LogBucket;
  readonly alarms: Alarms;

  constructor(scope: Construct, id: string, props: ApplicationProps) {
    super(scope, id);
    const { environment, application, region, accountId, network } = props;
    const settings = applicationOf(environment, application);
    const name = applicationName(environment, application);
    const { awsRegion } = region;
    const { logRetentionDays, protection } = settings;
    const healthPath = settings.healthPath ?? environment.edge.healthCheck.path;
    const plans = planFleets(environment, settings, region);

    const key = new EncryptionKey(this, 'Key', {
      name,
      description: 'Queues, bus and alarms of the application',
      accountId,
      statements: senderStatements(accountId),
    });
    this.alarms = new Alarms(this, 'Alarms', { name, accountId, kmsKeyArn: key.arn });
    this.logBucket = new LogBucket(this, 'LogBucket', {
      name: balancerLogBucketName(environment, application, region.key),
      accountId,
      awsRegion,
      retentionDays: logRetentionDays,
      protection,
    });
    const { logBucket } = this;
    this.originHeader = new OriginHeader(this, 'OriginHeader', { generation: settings.originHeaderGeneration });
    this.balancer = new Balancer(this, 'Balancer', {
      name,
      vpcId: network.vpcId,
      subnetIds: network.publicSubnetIds,
      certificateArn: props.certificateArn,
      ingress: balancerIngress(environment, region),
      admission: {
        requests: planBalancerAdmission(environment.level),
        directHost: apiName(environment, application),
        headerValues: this.originHeader.accepted,
      },
      fleets: plans,
      targetPort: settings.port,
      targetProtocol: settings.protocol,
      weights: settings.weights,
      taskColours: plans.flatMap(({ colour }) => (settings.releases[colour].runs === 'container' ? [colour] : [])),
      healthPath,
      outsideHealthPath: environment.edge.healthCheck.path,
      logBucket,
      protection,
    });
    this.webAcl = new WebAcl(this, 'WebAcl', {
      name,
      resourceArn: this.balancer.lb.arn,
      requestLimit: settings.requestLimit,
      managedRules: environment.firewall,
      uploadPaths: settings.uploadPaths,
      alarms: this.alarms,
      countedBefore: { header: originHeaderName, values: this.originHeader.accepted },
      logRetentionDays,
      accountId,
      awsRegion,
    });
    if (settings.messaging) {
      this.messaging = new Messaging(this, 'Messaging', {
        name,
        settings: settings.messaging,
        kmsKeyArn: key.arn,
        alarms: this.alarms,
      });
    }
    this.instanceSecurityGroupId = new InstanceSecurityGroup(this, 'Instances', {
      name,
      vpcId: network.vpcId,
      port: settings.port,
      balancerSecurityGroupId: this.balancer.securityGroupId,
      cidr: network.cidr,
      partnerPorts: Object.values(environment.privateLink.partners ?? {})
        .filter(({ serviceNames }) => Object.hasOwn(serviceNames, region.key))
        .flatMap(({ ports }) => ports),
    }).id;
    if (settings.networkBalancer) {
      this.networkBalancer = new NetworkBalancer(this, 'NetworkBalancer', {
        name: networkBalancerName(environment, application),
        vpcId: network.vpcId,
        subnetIds: network.appSubnetIds,
        listeners: settings.networkBalancer.listeners,
        addresses: networkAddresses(environment, application, region),
        clients: [network.cidr, ...(environment.onPremises?.cidrs ?? [])],
        healthPort: settings.port,
        instanceSecurityGroupId: this.instanceSecurityGroupId,
        logBucket,
        alarms: this.alarms,
        protection,
      });
    }

    this.fleets = new Fleets(this, 'Fleets', {
      name,
      settings,
      region,
      accountId,
      plans,
      healthPath,
      uses: [...(this.messaging ? [this.messaging.access] : []), ...props.dataStores],
      subnetIds: network.appSubnetIds,
      securityGroupId: this.instanceSecurityGroupId,
      balancer: this.balancer,
      ...(this.networkBalancer ? { networkBalancer: this.networkBalancer } : {}),
      alarms: this.alarms,
    });
    this.fleets.follow(this.balancer.listen(this.fleets.activeGroups));
    new BalancerAlarms(this, 'BalancerAlarms', {
      balancer: this.balancer.lb,
      alarms: this.alarms,
      limits: settings.alarms,
    });
    new ObjectiveAlarms(this, 'ObjectiveAlarms', {
      balancer: this.balancer.lb,
      alarms: this.alarms,
      objectives: environment.observability.objectives,
    });
  }
}
