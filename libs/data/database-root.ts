import { RdsGlobalCluster } from '@cdktf/provider-aws/lib/rds-global-cluster';
import { Construct } from 'constructs';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
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
 * What the regions' database members have in common: the administrator's secret with a copy in every region and, with
 * Aurora, the empty global cluster that they join. The first member to join becomes the writer; who it is later is AWS's
 * to say and stands nowhere here.
 *
 * Costs $0.40 a month per region for the secret. The global cluster costs nothing by itself; replicated writes do ($0.20 per
 * million, list prices, US East, check). It has up to 10 regions beside the writer's (Aurora user guide, "Using Amazon Aurora
 * Global Database").
 */
export class DatabaseRoot extends Construct {
  /** The part of the contract that is about the database. */
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
      protection: settings.protection,
    });
    const databaseSecretArns = Object.fromEntries(
      places.map(({ region }) => [region.key, secret.arnIn(origin.region.awsRegion, region.awsRegion)]),
    );
    const primary = regions.find(({ standing }) => standing === 'primary')!;
    if (settings.engine === 'aurora-global') {
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
    } else {
      const instance = databaseMemberName(environment, primary.key);
      this.values = {
        globalClusterId: '',
        writerEndpoint: '',
        replicationSourceArn: `arn:aws:rds:${primary.awsRegion}:${environment.accounts.workload}:db:${instance}`,
        databaseSourceRegion: primary.awsRegion,
        databaseSecretArns,
      };
    }
  }
}
