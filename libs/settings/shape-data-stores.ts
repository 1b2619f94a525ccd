import { z } from 'zod';
import { protections, writers } from './data-stores';
import type {
  AuroraGlobalSettings,
  BucketSettings,
  CacheObjective,
  CacheSettings,
  DataStoresSettings,
  RdsPostgresqlSettings,
  ScaledCapacity,
  StoreObjective,
  TableSettings,
} from './data-stores';
import { shapeOf } from './shape';

const store = {
  writers: z.enum(writers),
  objective: shapeOf<StoreObjective>({ rpoSec: z.number(), rtoSec: z.number() }),
};

const relational = {
  ...store,
  engineVersion: z.string(),
  databaseName: z.string(),
  masterUsername: z.string(),
  instanceClass: z.string(),
  protection: z.enum(protections),
  backupRetentionDays: z.number(),
  backupWindow: z.string(),
  maintenanceWindow: z.string(),
  logRetentionDays: z.number(),
};

export const dataStoresShape = shapeOf<DataStoresSettings>({
  database: z.discriminatedUnion('engine', [
    shapeOf<AuroraGlobalSettings>({
      ...relational,
      engine: z.literal('aurora-global'),
      instances: shapeOf<AuroraGlobalSettings['instances']>({ serving: z.number(), waiting: z.number() }),
      writeForwarding: z.enum(['on', 'off']),
      enforcedRpoSec: z.number().optional(),
    }),
    shapeOf<RdsPostgresqlSettings>({
      ...relational,
      engine: z.literal('rds-postgresql'),
      storageGib: z.number(),
      storageLimitGib: z.number(),
    }),
  ]),
  tables: z.record(
    z.string(),
    shapeOf<TableSettings>({
      ...store,
      partitionKey: z.string(),
      sortKey: z.string().optional(),
      expiryAttribute: z.string().optional(),
      conflicts: z.literal('last-writer-wins').optional(),
      capacity: z.union([
        z.literal('on-demand'),
        shapeOf<ScaledCapacity>({ minUnits: z.number(), maxUnits: z.number(), targetPercent: z.number() }),
      ]),
      protection: z.enum(protections),
    }),
  ),
  buckets: z.record(
    z.string(),
    shapeOf<BucketSettings>({
      ...store,
      serves: z.enum(['application', 'website']),
      replicationTimeControl: z.enum(['on', 'off']),
      noncurrentRetentionDays: z.number(),
      protection: z.enum(protections),
    }),
  ),
  accessLogRetentionDays: z.number(),
  cache: shapeOf<CacheSettings>({
    writers: z.literal('per-region'),
    objective: shapeOf<CacheObjective>({ rpo: z.literal('everything'), rtoSec: z.number() }),
    engine: z.enum(['valkey', 'redis']),
    engineVersion: z.string(),
    nodeType: z.string(),
    replicas: z.number(),
    snapshotRetentionDays: z.number(),
    snapshotWindow: z.string(),
    maintenanceWindow: z.string(),
  }).optional(),
});
