import { Fn } from 'cdktf';
import type { ApplicationSettings } from '@platform/libs/settings/application';
import type { Environment } from '@platform/libs/settings/environment';
import type { RegionSettings } from '@platform/libs/settings/region';
import type { Permission } from './instance-role';

/** A data store as the instances use it. */
export interface DataStoreAccess {
  /** Security group whose members may connect; absent for a store that is an AWS API. */
  readonly clientSecurityGroupId?: string;
  /** Environment variables of the service: the address of the store. */
  readonly variables: Readonly<Record<string, string>>;
  /** Permissions that the instances' role needs for it. */
  readonly permissions: readonly Permission[];
}

/** Database user of an application. It signs in with an IAM token; there is no password. */
export function databaseUserOf(application: string): string {
  return application.replaceAll('-', '_');
}

/** Location of an ARN. */
interface Place {
  readonly awsRegion: string;
  readonly accountId: string;
}

/**
 * The region's database. `DATABASE` (`host:port`) reads in the region. `DATABASE_WRITER` (`host:port`) writes. With
 * Aurora its name follows the writer and is reachable only in the writer's region; an address outside the VPC means
 * that the writer is elsewhere. There, with `writeForwarding: 'on'`, writes go through `DATABASE` and Aurora forwards
 * them (`docs/decisions/database-members.md`). With RDS no name follows the writer: it is the primary's instance, and a
 * standby, which has a read replica, has no such variable.
 *
 * The health path uses the reader endpoint. Every region with an instance has one, while a region without the writer
 * role has no writer endpoint (Aurora user guide, "Using Amazon Aurora Global Database").
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
  user: string,
  writer: {
    readonly engine: Environment['dataStores']['database']['engine'];
    readonly role: RegionSettings['role'];
    /** Follows the writer from region to region; empty with RDS. */
    readonly endpoint: string;
  },
): DataStoreAccess {
  const rdsWriter = writer.role === 'primary' ? database.clusterEndpoint : undefined;
  const writerHost = writer.engine === 'aurora-global' ? writer.endpoint : rdsWriter;
  return {
    clientSecurityGroupId: database.clientSecurityGroupId,
    variables: {
      DATABASE: `${database.readerEndpoint}:${database.port}`,
      ...(writerHost === undefined ? {} : { DATABASE_WRITER: `${writerHost}:${database.port}` }),
      DATABASE_NAME: database.databaseName,
      DATABASE_USER: user,
    },
    permissions: [
      {
        sid: 'Database',
        actions: ['rds-db:connect'],
        resources: [`arn:aws:rds-db:${awsRegion}:${accountId}:dbuser:${database.resourceId}/${user}`],
      },
    ],
  };
}

/** The region's cache; clients sign in with an IAM token. */
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

/** All where the settings say nothing. */
function isUsed(used: 'all' | readonly string[] = 'all', name: string): boolean {
  return used === 'all' || used.includes(name);
}

/** The region's table replicas and copies of the application's buckets, with access through their key. */
export function storesAccess(
  { awsRegion }: Pick<Place, 'awsRegion'>,
  { tables, buckets }: Pick<Environment['dataStores'], 'tables' | 'buckets'>,
  uses: ApplicationSettings['uses'],
  stores: {
    readonly keyArn: string;
    readonly tableArns: Readonly<Record<string, string>>;
    readonly bucketNames: Readonly<Record<string, string>>;
  },
): DataStoreAccess {
  const tableArns = Object.keys(tables)
    .filter((name) => isUsed(uses?.tables, name))
    .map((name) => Fn.lookup(stores.tableArns, name) as string);
  const bucketArns = Object.entries(buckets)
    .filter(([name, { serves }]) => serves === 'application' && isUsed(uses?.buckets, name))
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
