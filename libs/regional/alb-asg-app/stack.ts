import type { Construct } from 'constructs';
import { Application } from '@platform/libs/app/application';
import type { ApplicationContract } from '@platform/libs/app/contract';
import { cacheAccess, databaseAccess, storesAccess } from '@platform/libs/app/data-access';
import { RegionDashboard } from '@platform/libs/app/region-dashboard';
import type { DatabaseContract } from '@platform/libs/aurora/contract';
import type { CacheContract } from '@platform/libs/cache/contract';
import type { CertificateContract } from '@platform/libs/certificate/contract';
import type { RegionalDataContract } from '@platform/libs/data/regional-contract';
import type { Environment } from '@platform/libs/settings/environment';
import { EstateStack, type RegionalStackProps } from '@platform/libs/stack/estate-stack';
import type { VpcContract } from '@platform/libs/vpc/contract';

export interface RegionalApplicationProps extends RegionalStackProps<ApplicationContract> {
  /** Contracts of the region only, so that the application can be deployed while another region is lost. */
  readonly upstream: {
    readonly vpc: VpcContract;
    readonly certificate: CertificateContract;
    readonly data: RegionalDataContract;
    readonly database: DatabaseContract;
    /** Read if the settings have a cache. */
    readonly cache: CacheContract;
  };
}

/** The region's application: load balancer, fleets, messaging and their alarms. */
export class RegionalApplication extends EstateStack {
  constructor(scope: Construct, environment: Environment, { upstream, ...props }: RegionalApplicationProps) {
    super(scope, { environment, account: 'workload', ...props });
    const { contract, region } = props;
    const place = { awsRegion: region.awsRegion, accountId: this.accountId };
    const stores = this.read(upstream.data);
    const { certificateArn } = this.read(upstream.certificate);
    const { balancer, fleets, networkBalancer, messaging, ...app } = new Application(this, 'Application', {
      environment,
      region,
      accountId: this.accountId,
      network: this.read(upstream.vpc),
      certificateArn,
      dataStores: [
        databaseAccess(place, this.read(upstream.database), {
          engine: environment.dataStores.database.engine,
          role: region.role,
          endpoint: stores.writerEndpoint,
        }),
        ...(environment.dataStores.cache ? [cacheAccess(this.read(upstream.cache))] : []),
        storesAccess(place, environment.dataStores, stores),
      ],
    });
    const groups = { blue: fleets.groupOf('blue').name, green: fleets.groupOf('green').name };
    new RegionDashboard(this, 'Dashboard', {
      environment,
      region,
      balancer: balancer.lb.arnSuffix,
      groups,
      ...(messaging ? { messaging } : {}),
      alarms: app.alarms,
    });
    const { blue, green } = balancer.targetGroups;
    this.publish(contract, {
      balancerArn: balancer.lb.arn,
      balancerDnsName: balancer.lb.dnsName,
      balancerZoneId: balancer.lb.zoneId,
      balancerArnSuffix: balancer.lb.arnSuffix,
      targetGroupArnSuffixes: { blue: blue.arnSuffix, green: green.arnSuffix },
      autoscalingGroupNames: groups,
      instanceSecurityGroupId: app.instanceSecurityGroupId,
      networkBalancerArns: networkBalancer ? [networkBalancer.lb.arn] : [],
      webAclArn: app.webAcl.arn,
      logBucketName: app.logBucket.name,
      originHeaderValue: app.originHeader.current,
      queueUrl: messaging?.queue.url ?? '',
      queueArn: messaging?.queue.arn ?? '',
      deadLetterQueueName: messaging?.deadLetterQueue.name ?? '',
      busName: messaging?.bus.name ?? '',
      alarmTopicArn: app.alarms.topicArn,
      alarmArns: app.alarms.arns,
    });
  }
}
