import { Fn } from 'cdktf';
import type { Construct } from 'constructs';
import type { DataContract } from '@platform/libs/data/contract';
import { tableArn } from '@platform/libs/data/names';
import { bucketName } from '@platform/libs/settings/physical-names';
import type { RegionalDataContract } from '@platform/libs/data/regional-contract';
import type { Environment } from '@platform/libs/settings/environment';
import { EstateStack, type RegionalStackProps } from '@platform/libs/stack/estate-stack';

export interface RegionalDataProps extends RegionalStackProps<RegionalDataContract> {
  /** In the home region. */
  readonly upstream: {
    /** The stores of all regions. */
    readonly global: DataContract;
  };
}

/**
 * The region's part of the global stores: outputs, no resources. The stacks of the region read them here, in the region's own
 * state bucket, so that they can be planned and deployed while the home region with the state of `global/data` is lost.
 */
export class RegionalData extends EstateStack {
  constructor(scope: Construct, environment: Environment, { upstream, ...props }: RegionalDataProps) {
    super(scope, { environment, account: 'workload', ...props });
    const { key, awsRegion } = props.region;
    const { tables, buckets } = environment.dataStores;
    const global = this.read(upstream.global);
    this.publish(props.contract, {
      globalClusterId: global.globalClusterId,
      writerEndpoint: global.writerEndpoint,
      replicationSourceArn: global.replicationSourceArn,
      databaseSourceRegion: global.databaseSourceRegion,
      databaseSecretArn: Fn.lookup(global.databaseSecretArns, key),
      keyArn: Fn.lookup(global.keyArns, key),
      tableArns: Object.fromEntries(Object.keys(tables).map((name) => [name, tableArn(environment, name, awsRegion)])),
      bucketNames: Object.fromEntries(Object.keys(buckets).map((name) => [name, bucketName(environment, name, key)])),
    });
  }
}
