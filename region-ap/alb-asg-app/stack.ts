import type { Construct } from 'constructs';
import { Application } from '@platform/libs/app/application';
import { cacheAccess, databaseAccess, storesAccess } from '@platform/libs/app/data-access';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { contract as databaseContract } from '../aurora/contract';
import { contract as cacheContract } from '../cache/contract';
import { contract as certificateContract } from '../certificate/contract';
import { contract as dataContract } from '../data/contract';
import { region } from '../region';
import { contract as vpcContract } from '../vpc/contract';
import { contract } from './contract';

/** The application of the region. Reads only what lies in the region, so that it can be deployed while another one is gone. */
export class ApplicationStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region, account: 'workload' });
    const place = { awsRegion: region.awsRegion, accountId: this.accountId };
    const stores = this.read(dataContract);
    const { certificateArn } = this.read(certificateContract);
    const { balancer, fleets, networkBalancer, messaging, ...app } = new Application(this, 'Application', {
      environment,
      region,
      accountId: this.accountId,
      network: this.read(vpcContract),
      certificateArn,
      dataStores: [
        databaseAccess(place, this.read(databaseContract), {
          engine: environment.dataStores.database.engine,
          standing: (region as RegionSettings).standing,
          endpoint: stores.writerEndpoint,
        }),
        ...(environment.dataStores.cache ? [cacheAccess(this.read(cacheContract))] : []),
        storesAccess(place, environment.dataStores, stores),
      ],
    });
    const { blue, green } = balancer.targetGroups;
    this.publish(contract, {
      balancerArn: balancer.lb.arn,
      balancerDnsName: balancer.lb.dnsName,
      balancerZoneId: balancer.lb.zoneId,
      balancerArnSuffix: balancer.lb.arnSuffix,
      targetGroupArnSuffixes: { blue: blue.arnSuffix, green: green.arnSuffix },
      autoscalingGroupNames: { blue: fleets.groupOf('blue').name, green: fleets.groupOf('green').name },
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
