import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import { contract as globalData } from '@platform/global/data/contract';
import { bucketName, tableArn } from '@platform/libs/data/names';
import type { Environment } from '@platform/libs/settings/environment';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { region } from '../region';
import { contract } from './contract';

/**
 * This region's part of the global stores, as outputs and nothing else. The stacks of the region read them here, in the
 * region's own bucket, and can be planned and deployed while the home region, and with it the state of `global/data`, is
 * gone.
 */
export class RegionalDataStack extends EstateStack {
  constructor(scope: Construct, environment: Environment) {
    super(scope, { environment, contract, region, account: 'workload' });
    const { tables, buckets } = environment.dataStores;
    const global = this.read(globalData);
    this.publish(contract, {
      globalClusterId: global.globalClusterId,
      writerEndpoint: global.writerEndpoint,
      replicationSourceArn: global.replicationSourceArn,
      databaseSourceRegion: global.databaseSourceRegion,
      databaseSecretArn: Fn.lookup(global.databaseSecretArns, region.key),
      keyArn: Fn.lookup(global.keyArns, region.key),
      tableArns: Object.fromEntries(
        Object.keys(tables).map((name) => [name, tableArn(environment, name, region.awsRegion)]),
      ),
      bucketNames: Object.fromEntries(
        Object.keys(buckets).map((name) => [name, bucketName(environment, name, region.key)]),
      ),
    });
  }
}
