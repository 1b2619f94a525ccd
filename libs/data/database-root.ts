import { RdsGlobalCluster } from '@cdktf/provider-aws/lib/rds-global-cluster';
import { Construct } from 'constructs';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import { addAuroraReplicationAlarms, addReplicaAlarms } from './database-replication-alarms';
import { databaseMemberName, databaseName } from './names';
import type { RegionalDataKey } from './regional-data-key';
import { storeTags } from './store-tags';
import { PasswordSecret } from './write-only-password';

export interface DatabaseRootProps {
  readonly environment: Pick<Environment, 'name' | 'accounts' | 'dataStores'>;
  readonly regions: readonly RegionSettings[];
  /** Regions with their keys; the first one's provider must be the stack's own. */
  readonly places: readonly [RegionalDataKey, ...RegionalDataKey[]];
}

/**
 * The shared part of the regions' database members: the administrator's secret with a copy in every region and, with
 * Aurora, the empty global cluster that they join. The first member that joins becomes the writer; AWS moves that role
 * later, and no configuration names it.
 *
 * A global cluster has up to 10 regions beside the writer's (Aurora user guide, "Using Amazon Aurora Global Database").
 */
export class DatabaseRoot extends Construct {
  /** The database part of the contract. */
  readonly values: {
    readonly globalClusterId: string;
    readonly writerEndpoint: string;
    readonly replicationSourceArn: string;
    readonly databaseSourceRegion: string;
    readonly databaseSecretArns: Readonly<Record<string, string>>;
  };

  constructor(scope: Construct, id: string, props: DatabaseRootProps) {
    super(scope, id);
    const { environment, regions, places } = props;
    const settings = environment.dataStores.database;
    const [origin, ...others] = places;
    const secret = new PasswordSecret(this, 'DatabaseAdministrator', {
      name: `${environment.name}/database`,
      username: settings.masterUsername,
      kmsKeyArn: origin.key.arn,
      replicas: others.map(({ region, key }) => ({ awsRegion: region.awsRegion, kmsKeyArn: key.arn })),
      afterDestroy: settings.afterDestroy,
    });
    const databaseSecretArns = Object.fromEntries(
      places.map(({ region }) => [region.key, secret.arnIn(origin.region.awsRegion, region.awsRegion)]),
    );
    const primary = regions.find(({ role }) => role === 'primary')!;
    if (settings.engine === 'aurora-global') {
      // A minor version goes to the secondary clusters first: RDS refuses the writer until then, and the provider comes back to it
      // (provider 5.100, `globalClusterUpgradeMinorEngineVersion`; Aurora user guide, "Upgrading an Amazon Aurora global database").
      const cluster = new RdsGlobalCluster(this, 'GlobalCluster', {
        globalClusterIdentifier: databaseName(environment),
        engine: 'aurora-postgresql',
        engineVersion: settings.engineVersion,
        databaseName: settings.databaseName,
        storageEncrypted: true,
        deletionProtection: settings.protection === 'protected',
        tags: storeTags(settings),
      });
      this.values = {
        globalClusterId: cluster.id,
        writerEndpoint: cluster.endpoint,
        replicationSourceArn: '',
        databaseSourceRegion: primary.awsRegion,
        databaseSecretArns,
      };
      for (const place of places) {
        const sources = regions.filter(({ key }) => key !== place.region.key);
        addAuroraReplicationAlarms(environment, settings, place, sources);
      }
    } else {
      const instance = databaseMemberName(environment, primary.key);
      this.values = {
        globalClusterId: '',
        writerEndpoint: '',
        replicationSourceArn: `arn:aws:rds:${primary.awsRegion}:${environment.accounts.workload}:db:${instance}`,
        databaseSourceRegion: primary.awsRegion,
        databaseSecretArns,
      };
      for (const place of places.filter(({ region }) => region.key !== primary.key)) {
        addReplicaAlarms(environment, settings, place);
      }
    }
  }
}
