/** Who may write while nothing has failed: one region, or all of them at once. */
export const writers = ['single', 'multi'] as const;
export type Writers = (typeof writers)[number];

/** The relational engines that the estate knows how to run in two regions. */
export const databaseEngines = ['aurora-global', 'rds-postgresql'] as const;
export type DatabaseEngine = (typeof databaseEngines)[number];

/** What may be lost, and for how long, when a region goes. Alarms and tags of the store carry these figures. */
export interface StoreObjective {
  /** Seconds of writes that may be lost when a region is lost without warning. */
  readonly rpoSec: number;
  /** Seconds until the store takes writes in another region, counted from the decision to fail over. */
  readonly rtoSec: number;
}

/** What every data store states of itself. */
export interface StoreSettings {
  readonly writers: Writers;
  readonly objective: StoreObjective;
}

/**
 * `protected`: AWS refuses to delete the store, and a deletion that was forced leaves a last snapshot.
 * `disposable`: for environments that are made and removed at will.
 */
export const protections = ['protected', 'disposable'] as const;
/** One of {@link protections}. */
export type Protection = (typeof protections)[number];

interface RelationalSettings extends StoreSettings {
  /** PostgreSQL version with its minor, `16.9`; the same in all regions. */
  readonly engineVersion: string;
  /** Name of the database that is made with the cluster. */
  readonly databaseName: string;
  /** Name of the administrator; applications use users of their own. */
  readonly masterUsername: string;
  readonly instanceClass: string;
  readonly protection: Protection;
  /** Days of point-in-time recovery, 1–35. */
  readonly backupRetentionDays: number;
  /** Daily, UTC, `hh:mm-hh:mm`. */
  readonly backupWindow: string;
  /** Weekly, UTC, `ddd:hh:mm-ddd:hh:mm`; must not touch the backup window. */
  readonly maintenanceWindow: string;
  /** Days that the database's log is kept in CloudWatch Logs. */
  readonly logRetentionDays: number;
}

/** An Aurora PostgreSQL global database: one writer cluster, replicated by storage to a cluster in every other region. */
export interface AuroraGlobalSettings extends RelationalSettings {
  readonly engine: 'aurora-global';
  readonly instances: {
    /** Instances in a region that serves: one writer or reader and the rest to take over from it. */
    readonly serving: number;
    /** Instances in a standby region below level `local-reads`, in `active-passive`. 0 keeps the storage only, and makes a failover wait for a new instance. */
    readonly waiting: number;
  };
  /**
   * `on`: sessions in a region without the writer may write through its reader endpoint, and each statement crosses to the
   * writer's region. Needed in `active-active`. Costs nothing until it is used; does nothing where the writer is.
   */
  readonly writeForwarding: 'on' | 'off';
  /**
   * Upper bound for the lag, in seconds (20 to 2147483647): when no other region is within it, the writer stops
   * committing. That buys the RPO with availability: with two regions, the loss of the standby stops the primary too.
   * Left out, the lag is watched but not bounded. It holds while the primary region has the writer, and not after a
   * failover, when there is nobody to keep up. Source: Aurora user guide, "Managing RPOs for Aurora PostgreSQL–based
   * global databases".
   */
  readonly enforcedRpoSec?: number;
}

/** RDS for PostgreSQL with an asynchronous read replica in every other region. Cheaper, promoted by hand, not reversible. */
export interface RdsPostgresqlSettings extends RelationalSettings {
  readonly engine: 'rds-postgresql';
  /** Storage at creation, GiB. */
  readonly storageGib: number;
  /** Storage up to which RDS grows by itself, GiB. */
  readonly storageLimitGib: number;
}

/** The estate's database, whichever engine it has. */
export type DatabaseSettings = AuroraGlobalSettings | RdsPostgresqlSettings;

/** Provisioned capacity that follows the load. */
export interface ScaledCapacity {
  readonly minUnits: number;
  readonly maxUnits: number;
  /** Share of the capacity in use that scaling aims at, 20–90 percent. */
  readonly targetPercent: number;
}

/** A DynamoDB global table: a full replica in every region, each of which takes writes. */
export interface TableSettings extends StoreSettings {
  /** Name of the text attribute that is the partition key. */
  readonly partitionKey: string;
  readonly sortKey?: string;
  /** Number attribute that holds the time, in epoch seconds, after which an item may go. */
  readonly expiryAttribute?: string;
  /**
   * What becomes of two writes to one item in two regions: the later one stays and the other is gone without an
   * error. A statement and no switch: DynamoDB does nothing else in two regions (strong consistency takes three, DynamoDB
   * developer guide, "Multi-Region strong consistency"). Has to be made where `writers` is `multi`, and only there, so that
   * somebody has thought of it; the table bears it as a tag.
   */
  readonly conflicts?: 'last-writer-wins';
  readonly capacity: 'on-demand' | ScaledCapacity;
  readonly protection: Protection;
}

/** A bucket in every region; what is written to one is copied to the others. */
export interface BucketSettings extends StoreSettings {
  /** `website`: distributions of the edge account may read it, and answer from it; one bucket at most. */
  readonly serves: 'application' | 'website';
  /** `on` promises 99.9 % of objects within 15 minutes, with metrics, for a price per GB (S3 service level agreement). */
  readonly replicationTimeControl: 'on' | 'off';
  /** Days that overwritten and deleted objects can be brought back. */
  readonly noncurrentRetentionDays: number;
  readonly protection: Protection;
}

/** By engine: versions that know sign-in by IAM, which is the only one used here (ElastiCache user guide, "Authenticating with IAM"). */
export const cacheVersions = {
  valkey: ['7.2', '8.0', '8.1'],
  redis: ['7.0', '7.1'],
} as const;
export type CacheEngine = keyof typeof cacheVersions;

/** What may be lost of a cache, and for how long, when a region goes. The cache carries it as tags. */
export interface CacheObjective {
  /** What is lost with a region: all that its cache held. A statement and no switch: nothing of it is anywhere else. */
  readonly rpo: 'everything';
  /** Seconds until a cache takes writes in another region, counted from the decision to fail over; that region's own runs already, so 0 is possible. */
  readonly rtoSec: number;
}

/** A cache per region, for sessions and the like. Never replicated: a failover starts with an empty one. */
export interface CacheSettings {
  /** Each region writes to its own cache and sees nothing of another's: of one key, regions may hold two values. A statement and no switch. */
  readonly writers: 'per-region';
  readonly objective: CacheObjective;
  readonly engine: CacheEngine;
  /** One of `cacheVersions`. */
  readonly engineVersion: string;
  readonly nodeType: string;
  /** Nodes that can take over from the primary one, 1–5, each in a zone of its own while there are zones. */
  readonly replicas: number;
  /** Days that daily snapshots are kept; 0 makes none. */
  readonly snapshotRetentionDays: number;
  readonly snapshotWindow: string;
  readonly maintenanceWindow: string;
}

/** The data stores of one environment. */
export interface DataStoresSettings {
  readonly database: DatabaseSettings;
  /** By name; the table is called `<environment>-<name>` in every region. */
  readonly tables: Readonly<Record<string, TableSettings>>;
  /** By name; the bucket is called `<organisation>-<environment>-<name>-<region>`. */
  readonly buckets: Readonly<Record<string, BucketSettings>>;
  /** Days that the access logs of the buckets are kept. */
  readonly accessLogRetentionDays: number;
  /** Absent: no cache. */
  readonly cache?: CacheSettings;
}
