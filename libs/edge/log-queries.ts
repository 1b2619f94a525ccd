import type { OriginFailoverSettings } from '@platform/libs/settings/edge';
import { accessLogFields } from './access-log';

/** A column of the table of access logs, in the order of the file. */
export interface LogColumn {
  /** Name in SQL: `cs_uri_stem` for `cs-uri-stem`. */
  readonly name: string;
  /** Type in Glue. A `-` in a column of numbers is NULL. */
  readonly type: 'string' | 'int' | 'bigint' | 'double';
}

const numbers: Readonly<Partial<Record<(typeof accessLogFields)[number], LogColumn['type']>>> = {
  'sc-bytes': 'bigint',
  'sc-status': 'int',
  'cs-bytes': 'bigint',
  'time-taken': 'double',
  'c-port': 'int',
  'time-to-first-byte': 'double',
  'sc-content-len': 'bigint',
};

/** Words of SQL get a prefix. */
const renamed: Readonly<Record<string, string>> = { date: 'log_date', time: 'log_time' };

/** Columns of the delivered fields. */
export const logColumns: readonly LogColumn[] = accessLogFields.map((field) => ({
  // Athena's names have letters, digits and underscores.
  name:
    renamed[field] ??
    field
      .replaceAll(/[-()]+/g, '_')
      .replace(/_$/, '')
      .toLowerCase(),
  type: numbers[field] ?? 'string',
}));

/** Column of the partition: the hour of the folder, such as `2030/01/31/12`, in UTC. */
export const hourColumn = 'hour';

/** A saved query, with SQL that Athena and DuckDB both understand. */
export interface LogQuery {
  readonly name: string;
  readonly description: string;
  readonly sql: string;
}

/**
 * Saved queries on a table of access logs. Each reads the hours between two placeholders, which you replace; without them
 * Athena reads all hours that are kept. Rows without a status are header lines.
 *
 * @param table name for FROM
 * @param failover how long a distribution waits for its first origin before it asks the second
 */
export function logQueries(
  table: string,
  failover: Pick<OriginFailoverSettings, 'connectionAttempts' | 'connectionTimeoutSec'>,
): LogQuery[] {
  const hours = `${hourColumn} BETWEEN '${firstHour}' AND '${lastHour}' AND sc_status IS NOT NULL`;
  const waitSec = failover.connectionAttempts * failover.connectionTimeoutSec;
  const fromOrigin = `x_edge_result_type IN ('Miss', 'RefreshHit', 'Error')`;
  return [
    {
      name: 'edge-errors',
      description: 'Errors that readers got, by status, path and what CloudFront says of them',
      sql: [
        'SELECT sc_status, cs_uri_stem, x_edge_detailed_result_type, count(*) AS requests',
        `FROM ${table}`,
        `WHERE ${hours} AND sc_status >= 400`,
        'GROUP BY sc_status, cs_uri_stem, x_edge_detailed_result_type',
        'ORDER BY requests DESC, sc_status, cs_uri_stem',
        'LIMIT 100',
      ].join('\n'),
    },
    {
      name: 'origin-5xx-per-day',
      description: 'Requests that reached an origin, and the share answered with 5xx, by day',
      sql: [
        'SELECT log_date, count(*) AS origin_requests,',
        '  sum(CASE WHEN sc_status >= 500 THEN 1 ELSE 0 END) AS errors,',
        '  round(100.0 * sum(CASE WHEN sc_status >= 500 THEN 1 ELSE 0 END) / count(*), 2) AS error_percent',
        `FROM ${table}`,
        `WHERE ${hours} AND ${fromOrigin}`,
        'GROUP BY log_date',
        'ORDER BY log_date',
      ].join('\n'),
    },
    {
      name: 'failover-windows',
      description: `Minutes in which requests waited ${waitSec} s or more for an answer without error: the first origin was silent, and the second answered`,
      sql: [
        'SELECT log_date, substr(log_time, 1, 5) AS minute, count(*) AS origin_requests,',
        `  sum(CASE WHEN sc_status < 500 AND time_to_first_byte >= ${waitSec} THEN 1 ELSE 0 END) AS failed_over,`,
        '  sum(CASE WHEN sc_status >= 500 THEN 1 ELSE 0 END) AS errors',
        `FROM ${table}`,
        `WHERE ${hours} AND ${fromOrigin} AND cs_method IN ('GET', 'HEAD', 'OPTIONS')`,
        'GROUP BY log_date, substr(log_time, 1, 5)',
        `HAVING sum(CASE WHEN sc_status < 500 AND time_to_first_byte >= ${waitSec} THEN 1 ELSE 0 END) > 0`,
        'ORDER BY log_date, minute',
      ].join('\n'),
    },
    {
      name: 'slowest-paths',
      description: 'Paths by the time that 95 in 100 of their requests stayed below, of those that reached an origin',
      sql: [
        'SELECT cs_uri_stem, count(*) AS requests,',
        '  round(approx_percentile(time_taken, 0.95), 3) AS p95_sec, max(time_taken) AS max_sec',
        `FROM ${table}`,
        `WHERE ${hours} AND ${fromOrigin}`,
        'GROUP BY cs_uri_stem',
        'HAVING count(*) >= 10',
        'ORDER BY p95_sec DESC, cs_uri_stem',
        'LIMIT 50',
      ].join('\n'),
    },
  ];
}

/** Placeholders of the saved queries; each is an hour in the form of the folders. */
export const firstHour = '2030/01/01/00';
export const lastHour = '2030/01/01/23';
