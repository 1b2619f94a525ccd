import type { Construct } from 'constructs';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { EstateStack } from '@platform/libs/stack/estate-stack';
import { stateBucketName } from '@platform/libs/stack/state-location';
import { StateBucket } from '@platform/libs/state/state-bucket';
import { StateReplication } from '@platform/libs/state/state-replication';
import { regions as allRegions } from '@platform/shared/regions';
import { home } from '../home';
import { contract } from './contract';

/** A bucket for Terraform states in every region, and a copy of the home region's states in the next one. */
export class StateStack extends EstateStack {
  constructor(scope: Construct, environment: Environment, regions: readonly RegionSettings[] = allRegions) {
    super(scope, { environment, contract, region: home, account: 'management', createdBy: 'bootstrap' });
    // This stack creates the lock tables, so it cannot wait for a lock in one, nor hold one that it deletes.
    this.addOverride('terraform.backend.s3.dynamodb_table', undefined);

    // An alias for every region, also home: after home has moved, each resource must still be read in its own region.
    const buckets = new Map(
      regions.map((region) => [
        region.key,
        new StateBucket(this, `StateBucket-${region.key}`, {
          bucketName: stateBucketName(environment, region.key),
          provider: this.addAliasedProvider(region),
          settings: environment.state,
          accountId: this.accountId,
        }),
      ]),
    );
    const copyRegion = regions.find(({ key }) => key !== home.key);
    if (copyRegion) {
      new StateReplication(this, 'HomeReplication', {
        roleName: `${environment.organisation}-${environment.name}-state-replication`,
        source: buckets.get(home.key)!,
        sourceRegionKey: home.key,
        target: buckets.get(copyRegion.key)!,
      });
    }

    const byRegion = (value: (bucket: StateBucket) => string) =>
      Object.fromEntries([...buckets].map(([key, bucket]) => [key, value(bucket)]));
    this.publish(contract, {
      bucketNames: byRegion(({ bucket }) => bucket.bucket),
      keyArns: byRegion(({ key }) => key.arn),
    });
  }
}
