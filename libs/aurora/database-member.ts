import type { Alarms } from '@platform/libs/observability/alarms';
import type { DataStoresSettings } from '@platform/libs/settings/data-stores';
import type { RegionSettings } from '@platform/libs/settings/region';

type Relational = DataStoresSettings['database'];

/** Props of every database member, for either engine. */
export interface DatabaseMemberProps<S extends Relational = Relational> {
  /** Identifier of the member, unique in the estate. */
  readonly name: string;
  /** Settings of the estate's database, for the member's engine. */
  readonly settings: S;
  readonly subnetIds: string[];
  readonly securityGroupId: string;
  /** KMS key of this region: storage, backups, insights and logs. */
  readonly kmsKeyArn: string;
  /**
   * The `primary` region's member is created first, with the administrator's password; the others get both by
   * replication.
   */
  readonly role: RegionSettings['role'];
  /** Weekly window of the region; the parts of a member come one after the other. */
  readonly maintenanceWindow: string;
  /** When changes that interrupt the database take effect. */
  readonly applyChanges: DataStoresSettings['applyChanges'];
  /** This region's copy of the secret with the administrator's password. */
  readonly secretArn: string;
  readonly alarms: Alarms;
}

/** Outputs of the member's stack. */
export interface DatabaseMember {
  readonly clusterEndpoint: string;
  readonly readerEndpoint: string;
  readonly memberArn: string;
  readonly memberIdentifier: string;
  readonly resourceId: string;
}

/** TCP port of PostgreSQL. */
export const databasePort = 5432;
