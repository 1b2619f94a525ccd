import { Fn } from 'cdktf';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { Permission } from './instance-role';

/** A data store as the instances use it. */
export interface DataStoreAccess {
  /** Group whose members may connect; a store without one is an API of AWS. */
  readonly clientSecurityGroupId?: string;
  /** Environment of the service: where the store is. */
  readonly variables: Readonly<Record<string, string>>;
  /** What the instances' role needs for it. */
  readonly permissions: readonly Permission[];
}

/** User of the database that the application signs in as, by a token from IAM: no password is read or kept. */
export const databaseUser = 'app';

/** Where an ARN lies. */
interface Place {
  readonly awsRegion: string;
  readonly accountId: string;
}

/**
 * The region's database, both as `host:port`. `DATABASE` reads in the region. `DATABASE_WRITER` writes. With Aurora its name follows the
 * writer, and is reached in the region that has it only: an address outside the VPC says that it is elsewhere. There, with
 * `writeForwarding: 'on'`, writes go through `DATABASE`, and Aurora takes them across (`docs/decisions/database-members.md`).
 * With RDS no name follows it: it is the primary's instance, and a standby, which has a read replica, has no such variable.
 *
 * The health path asks the endpoint for reads: it is there in every region that has an instance,
 * while a region without the writer role has no endpoint for writes (Aurora user guide, "Using Amazon Aurora Global Database").
 */
export function databaseAccess(
  { awsRegion, accountId }: Place,
  database: {
    readonly clientSecurityGroupId: string;
    readonly clusterEndpoint: string;
    readonly readerEndpoint: string;
    readonly port: string;
    readonly databaseName: string;
    readonly resourceId: string;
  },
  writer: {
    readonly engine: Environment['dataStores']['database']['engine'];
    readonly standing: RegionSettings['standing'];
    /** Follows the writer from region to region; empty with RDS. */
    readonly endpoint: string;
  },
): DataStoreAccess {
  const rdsWriter = writer.standing === 'primary' ? database.clusterEndpoint : undefined;
  const writerHost = writer.engine === 'aurora-global' ? writer.endpoint : rdsWriter;
  return {
    clientSecurityGroupId: database.clientSecurityGroupId,
    variables: {
      DATABASE: `${database.readerEndpoint}:${database.port}`,
      ...(writerHost === undefined ? {} : { DATABASE_WRITER: `${writerHost}:${database.port}` }),
      DATABASE_NAME: database.databaseName,
      DATABASE_USER: databaseUser,
    },
    permissions: [
      {
        sid: 'Database',
        actions: ['rds-db:connect'],
        resources: [`arn:aws:rds-db:${awsRegion}:${accountId}:dbuser:${database.resourceId}/${databaseUser}`],
      },
    ],
  };
}

/** The region's cache, signed in to by a token from IAM. */
export function cacheAccess(cache: {
  readonly clientSecurityGroupId: string;
  readonly primaryEndpoint: string;
  readonly port: string;
  readonly username: string;
  readonly userArn: string;
  readonly replicationGroupArn: string;
}): DataStoreAccess {
  return {
    clientSecurityGroupId: cache.clientSecurityGroupId,
    variables: { CACHE: `${cache.primaryEndpoint}:${cache.port}`, CACHE_USER: cache.username },
    permissions: [
      { sid: 'Cache', actions: ['elasticache:Connect'], resources: [cache.replicationGroupArn, cache.userArn] },
    ],
  };
}

/** The region's replicas of tables and its copies of the application's buckets, through their key. */
export function storesAccess(
  { awsRegion }: Pick<Place, 'awsRegion'>,
  { tables, buckets }: Pick<Environment['dataStores'], 'tables' | 'buckets'>,
  stores: {
    readonly keyArn: string;
    readonly tableArns: Readonly<Record<string, string>>;
    readonly bucketNames: Readonly<Record<string, string>>;
  },
): DataStoreAccess {
  const tableArns = Object.keys(tables).map((name) => Fn.lookup(stores.tableArns, name) as string);
  const bucketArns = Object.entries(buckets)
    .filter(([, { serves }]) => serves === 'application')
    .map(([name]) => `arn:aws:s3:::${Fn.lookup(stores.bucketNames, name)}`);
  const tablePermission: Permission = {
    sid: 'Tables',
    actions: [
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:ConditionCheckItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
    ],
    resources: tableArns,
  };
  const bucketPermissions: Permission[] = [
    {
      sid: 'Objects',
      actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
      resources: bucketArns.map((arn) => `${arn}/*`),
    },
    { sid: 'Buckets', actions: ['s3:ListBucket'], resources: bucketArns },
  ];
  const services = [
    ...(tableArns.length > 0 ? [`dynamodb.${awsRegion}.amazonaws.com`] : []),
    ...(bucketArns.length > 0 ? [`s3.${awsRegion}.amazonaws.com`] : []),
  ];
  return {
    variables: {},
    permissions: [
      ...(tableArns.length > 0 ? [tablePermission] : []),
      ...(bucketArns.length > 0 ? bucketPermissions : []),
      ...(services.length > 0
        ? [
            {
              sid: 'StoresKey',
              actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
              resources: [stores.keyArn],
              condition: { StringEquals: { 'kms:ViaService': services } },
            },
          ]
        : []),
    ],
  };
}
