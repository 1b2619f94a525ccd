import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Construct } from 'constructs';
import { EncryptionKey, type KeyStatement } from '@platform/libs/data/encryption-key';
import { bucketName } from '@platform/libs/data/names';
import { apiName } from '@platform/libs/edge/names';
import { EncryptedLogGroup } from '@platform/libs/observability/encrypted-log-group';
import type { Colour } from '@platform/libs/settings/application';
import { atLeast, type Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { Alarms } from '@platform/libs/observability/alarms';
import { Balancer } from './balancer';
import { BalancerAlarms } from './balancer-alarms';
import { Fleet } from './fleet';
import type { DataStoreAccess } from './data-access';
import { InstanceRole, type Permission } from './instance-role';
import { LogBucket } from './log-bucket';
import { Messaging } from './messaging';
import { NetworkBalancer } from './network-balancer';
import { OriginHeader } from './origin-header';
import { balancerIngress } from './reachability';
import { planFleets } from './release';
import { userData } from './user-data';
import { WebAcl } from './web-acl';

export interface ApplicationProps {
  readonly environment: Environment;
  readonly region: RegionSettings;
  readonly accountId: string;
  readonly network: {
    readonly vpcId: string;
    readonly cidr: string;
    readonly publicSubnetIds: string[];
    readonly appSubnetIds: string[];
  };
  /** Certificate of the balancer, in this region and account. */
  readonly certificateArn: string;
  readonly dataStores: readonly DataStoreAccess[];
}

/** Lets events reach the encrypted queues, and alarms the encrypted topic. One statement per service: its Principal is one. */
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

/** Port of the service on the instances. */
const servicePort = 8080;

/**
 * The application of one region: a balancer open to the internet or to the edge alone, two colours of instances behind it, a queue
 * and a bus where the settings have them, and the alarms of all of these.
 *
 * Costs, with three m7g.large, about $240 a month: instances $179, balancer $16 and its capacity units, firewall $10,
 * keys $3, alarms $2, the rest by use (list prices, US East, check).
 */
export class Application extends Construct {
  readonly balancer: Balancer;
  readonly fleets: Readonly<Record<Colour, Fleet>>;
  readonly instanceSecurityGroupId: string;
  readonly networkBalancer?: NetworkBalancer;
  readonly messaging?: Messaging;
  readonly webAcl: WebAcl;
  readonly originHeader: OriginHeader;
  readonly logBucket: LogBucket;
  readonly alarms: Alarms;

  constructor(scope: Construct, id: string, props: ApplicationProps) {
    super(scope, id);
    const { environment, region, accountId, network } = props;
    const settings = environment.application;
    const name = `${environment.name}-app`;
    const { awsRegion } = region;
    const { logRetentionDays, protection } = settings;
    const plans = planFleets(environment, region);

    const key = new EncryptionKey(this, 'Key', {
      name,
      description: 'Queues, bus and alarms of the application',
      accountId,
      statements: senderStatements(accountId),
    });
    this.alarms = new Alarms(this, 'Alarms', { name, accountId, kmsKeyArn: key.arn });
    this.logBucket = new LogBucket(this, 'LogBucket', {
      name: bucketName(environment, 'balancer-logs', region.key),
      accountId,
      awsRegion,
      retentionDays: logRetentionDays,
      protection,
    });
    const { logBucket } = this;
    const behindDistributions = atLeast(environment, 'origin-failover');
    const directHost = apiName(environment);
    this.originHeader = new OriginHeader(this, 'OriginHeader', { generation: settings.originHeaderGeneration });
    this.balancer = new Balancer(this, 'Balancer', {
      name,
      vpcId: network.vpcId,
      subnetIds: network.publicSubnetIds,
      certificateArn: props.certificateArn,
      ingress: balancerIngress(environment, region),
      admission: behindDistributions
        ? { requests: 'known', directHost, headerValues: this.originHeader.accepted }
        : { requests: 'all' },
      fleets: plans,
      targetPort: servicePort,
      healthPath: environment.edge.healthCheck.path,
      logBucket,
      protection,
    });
    this.webAcl = new WebAcl(this, 'WebAcl', {
      name,
      resourceArn: this.balancer.lb.arn,
      requestLimit: settings.requestLimit,
      ...(behindDistributions ? { limitedHost: directHost } : {}),
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
    this.instanceSecurityGroupId = this.instanceSecurityGroup(name, network.vpcId);
    if (settings.networkBalancer) {
      this.networkBalancer = new NetworkBalancer(this, 'NetworkBalancer', {
        name: `${environment.name}-nlb`,
        vpcId: network.vpcId,
        subnetIds: network.appSubnetIds,
        listeners: settings.networkBalancer.listeners,
        addresses: settings.networkBalancer.addresses?.[region.key] ?? [],
        clients: [network.cidr, ...(environment.onPremises?.cidrs ?? [])],
        healthPort: servicePort,
        instanceSecurityGroupId: this.instanceSecurityGroupId,
        logBucket,
        protection,
      });
    }

    const log = new EncryptedLogGroup(this, 'Log', {
      name: `/${name}/service`,
      retentionDays: logRetentionDays,
      awsRegion,
      accountId,
    });
    const role = new InstanceRole(this, 'InstanceRole', {
      name: `${name}-${region.key}`,
      permissions: [
        { sid: 'Log', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${log.arn}:*`] },
        ...this.messagingPermissions(key.arn),
        ...props.dataStores.flatMap(({ permissions }) => permissions),
      ],
    });
    const { messaging } = this;
    this.fleets = Object.fromEntries(
      plans.map((plan) => {
        const release = settings.releases[plan.colour];
        const fleet = new Fleet(this, plan.colour === 'blue' ? 'Blue' : 'Green', {
          name: `${name}-${plan.colour}`,
          plan,
          settings,
          image: typeof release.image === 'string' ? `resolve:ssm:${release.image}` : release.image[region.key]!,
          userData: userData({
            logGroup: log.name,
            variables: {
              PORT: String(servicePort),
              REGION: awsRegion,
              HEALTH_PATH: environment.edge.healthCheck.path,
              COLOUR: plan.colour,
              RELEASE: release.name,
              ...(messaging ? { QUEUE_URL: messaging.queue.url, BUS_NAME: messaging.bus.name } : {}),
              ...Object.assign({}, ...props.dataStores.map(({ variables }) => variables)),
            },
          }),
          instanceProfileArn: role.profileArn,
          securityGroupIds: [
            this.instanceSecurityGroupId,
            ...props.dataStores.flatMap(({ clientSecurityGroupId }) => clientSecurityGroupId ?? []),
          ],
          subnetIds: network.appSubnetIds,
          balancer: this.balancer.lb,
          targetGroup: this.balancer.targetGroups[plan.colour],
          moreTargetGroupArns: plan.weight > 0 ? (this.networkBalancer?.targetGroupArns ?? []) : [],
          alarms: this.alarms,
          instanceTags: { environment: environment.name, colour: plan.colour, release: release.name },
        });
        return [plan.colour, fleet];
      }),
    ) as Record<Colour, Fleet>;
    this.balancer.listen(Object.values(this.fleets).map(({ group }) => group));
    new BalancerAlarms(this, 'BalancerAlarms', {
      balancer: this.balancer.lb,
      alarms: this.alarms,
      limits: settings.alarms,
    });
  }

  private instanceSecurityGroup(name: string, vpcId: string): string {
    const group = new SecurityGroup(this, 'Instances', {
      namePrefix: `${name}-instances-`,
      description: 'Instances of the application',
      vpcId,
      lifecycle: { createBeforeDestroy: true },
    });
    const service = { ipProtocol: 'tcp', fromPort: servicePort, toPort: servicePort };
    const balancer = this.balancer.securityGroupId;
    new VpcSecurityGroupIngressRule(group, 'FromBalancer', {
      ...service,
      securityGroupId: group.id,
      description: 'The service, from the balancer',
      referencedSecurityGroupId: balancer,
    });
    new VpcSecurityGroupEgressRule(group, 'BalancerToInstances', {
      ...service,
      securityGroupId: balancer,
      description: 'The service on the instances',
      referencedSecurityGroupId: group.id,
    });
    new VpcSecurityGroupEgressRule(group, 'Https', {
      securityGroupId: group.id,
      description: 'APIs of AWS and of others',
      ipProtocol: 'tcp',
      fromPort: 443,
      toPort: 443,
      cidrIpv4: '0.0.0.0/0',
    });
    return group.id;
  }

  private messagingPermissions(keyArn: string): Permission[] {
    if (!this.messaging) return [];
    const { queue, bus } = this.messaging;
    return [
      {
        sid: 'Queue',
        actions: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:SendMessage'],
        resources: [queue.arn],
      },
      { sid: 'Bus', actions: ['events:PutEvents'], resources: [bus.arn] },
      { sid: 'Key', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [keyArn] },
    ];
  }
}
