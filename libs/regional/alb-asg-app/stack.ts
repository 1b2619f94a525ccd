import type { Construct } from 'constructs';
import { Application } from '@platform/libs/app/application';
import type { ApplicationContract } from '@platform/libs/app/contract';
import { cacheAccess, databaseAccess, databaseUserOf, storesAccess } from '@platform/libs/app/data-access';
import { RegionDashboard } from '@platform/libs/app/region-dashboard';
import type { DatabaseContract } from '@platform/libs/aurora/contract';
import type { CacheContract } from '@platform/libs/cache/contract';
import type { CertificateContract } from '@platform/libs/certificate/contract';
import type { RegionalDataContract } from '@platform/libs/data/regional-contract';
import { applicationOf } from '@platform/libs/settings/application';
import type { Environment } from '@platform/libs/settings/environment';
import { mainApplication } from '@platform/libs/settings/physical-names';
import { EstateStack, type RegionalStackProps } from '@platform/libs/stack/estate-stack';
import type { VpcContract } from '@platform/libs/vpc/contract';

export interface RegionalApplicationProps extends RegionalStackProps<ApplicationContract> {
  /** Its name in the settings. Default: the application behind the domain. */
  readonly application?: string;
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

/** An application of the region: load balancer, fleets, messaging and their alarms. */
export class RegionalApplication extends EstateStack {
  constructor(scope: Construct, environment: Environment, { upstream, ...props }: RegionalApplicationProps) {
    super(scope, { environment, account: 'workload', ...props });
    const { contract, region, application = mainApplication } = props;
    const place = { awsRegion: region.awsRegion, accountId: this.accountId };
    const stores = this.read(upstream.data);
    const { uses = { database: 'all', cache: 'all', tables: 'all', buckets: 'all' } } = applicationOf(
      environment,
      application,
    );
    // Read in any case: what an application may use changes no order of deploys.
    const database = this.read(upstream.database);
    const cache = environment.dataStores.cache ? this.read(upstream.cache) : undefined;
    const { certificateArn } = this.read(upstream.certificate);
    const { balancer, fleets, networkBalancer, messaging, ...app } = new Application(this, 'Application', {
      environment,
      application,
      region,
      accountId: this.accountId,
      network: this.read(upstream.vpc),
      certificateArn,
      dataStores: [
        ...(uses.database === 'all'
          ? [
              databaseAccess(place, database, databaseUserOf(application), {
                engine: environment.dataStores.database.engine,
                role: region.role,
                endpoint: stores.writerEndpoint,
              }),
            ]
          : []),
        ...(cache && uses.cache === 'all' ? [cacheAccess(cache)] : []),
        storesAccess(place, environment.dataStores, uses, stores),
      ],
    });
    const groups = { blue: fleets.groupOf('blue').name, green: fleets.groupOf('green').name };
    new RegionDashboard(this, 'Dashboard', {
      environment,
      application,
      region,
      balancer: balancer.lb.arnSuffix,
      fleets: { blue: fleets.metricsOf('blue'), green: fleets.metricsOf('green') },
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
