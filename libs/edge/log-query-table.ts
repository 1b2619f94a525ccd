import { AthenaNamedQuery } from '@cdktf/provider-aws/lib/athena-named-query';
import { AthenaWorkgroup } from '@cdktf/provider-aws/lib/athena-workgroup';
import { GlueCatalogDatabase } from '@cdktf/provider-aws/lib/glue-catalog-database';
import { GlueCatalogTable } from '@cdktf/provider-aws/lib/glue-catalog-table';
import { Construct } from 'constructs';
import type { EdgeSettings } from '@platform/libs/settings/edge';
import { hourColumn, logColumns, logQueries } from './log-queries';

export interface LogQueryTableProps {
  /** Prefix of the names: `prod-us-edge`. */
  readonly name: string;
  readonly accountId: string;
  readonly distributionId: string;
  /** Bucket with the access logs; results of queries go there too. */
  readonly bucketName: string;
  readonly settings: EdgeSettings;
}

/** Below this prefix of the log bucket Athena writes results. They expire with the logs. */
export const resultPrefix = 'query-results/';

/** Prefix of the logs of a distribution; a folder per hour follows: `2030/01/31/12`. */
export function logPrefix(accountId: string, distributionId: string): string {
  return `AWSLogs/${accountId}/CloudFront/${distributionId}/`;
}

/**
 * A table over the access logs of a distribution, with saved queries. Nothing loads or indexes the logs: Athena works out
 * the folders of the hours from the query (Athena user guide, "Use partition projection with Amazon Athena").
 *
 * A workgroup limits what one query may read, which is what Athena charges for (Athena user guide, "Manage query usage
 * limits"). It is the only setting that users of the workgroup cannot override.
 */
export class LogQueryTable extends Construct {
  constructor(scope: Construct, id: string, props: LogQueryTableProps) {
    super(scope, id);
    const { name, accountId, distributionId, bucketName, settings } = props;
    const database = new GlueCatalogDatabase(this, 'Database', {
      name: name.replaceAll('-', '_'),
      description: 'Access logs of the distribution',
    });
    const location = `s3://${bucketName}/${logPrefix(accountId, distributionId)}`;
    const table = new GlueCatalogTable(this, 'Table', {
      name: 'access_logs',
      databaseName: database.name,
      description: 'One row for each request of a reader; hour is that of the folder, in UTC',
      tableType: 'EXTERNAL_TABLE',
      parameters: {
        EXTERNAL: 'TRUE',
        'projection.enabled': 'true',
        [`projection.${hourColumn}.type`]: 'date',
        [`projection.${hourColumn}.format`]: 'yyyy/MM/dd/HH',
        [`projection.${hourColumn}.interval`]: '1',
        [`projection.${hourColumn}.interval.unit`]: 'HOURS',
        [`projection.${hourColumn}.range`]: `NOW-${settings.logRetentionDays}DAYS,NOW`,
        // Terraform reads $${ as ${, which is Athena's.
        'storage.location.template': `${location}$\${${hourColumn}}`,
      },
      partitionKeys: [{ name: hourColumn, type: 'string' }],
      storageDescriptor: {
        location,
        inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
        outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
        serDeInfo: {
          serializationLibrary: 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe',
          parameters: { 'field.delim': '\t', 'serialization.format': '\t' },
        },
        columns: logColumns.map(({ name: column, type }) => ({ name: column, type })),
      },
    });
    const workgroup = new AthenaWorkgroup(this, 'Workgroup', {
      name,
      description: 'Queries on the access logs of the distribution',
      forceDestroy: true,
      configuration: {
        enforceWorkgroupConfiguration: true,
        publishCloudwatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: settings.logQueries.scanLimitGib * 1024 ** 3,
        resultConfiguration: {
          outputLocation: `s3://${bucketName}/${resultPrefix}`,
          expectedBucketOwner: accountId,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
    for (const query of logQueries(`"${name.replaceAll('-', '_')}"."access_logs"`, settings.originFailover)) {
      new AthenaNamedQuery(
        this,
        query.name.replaceAll(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase()),
        {
          name: query.name,
          description: query.description,
          workgroup: workgroup.name,
          database: database.name,
          query: query.sql,
          dependsOn: [table],
        },
      );
    }
  }
}
