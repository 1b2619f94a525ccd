import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { gzipSync } from 'node:zlib';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import type { EstateStack } from '@platform/libs/stack/estate-stack';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import { accessLogFields, accessLogPath } from './access-log';
import { firstHour, hourColumn, lastHour, logColumns, logQueries } from './log-queries';
import { LogQueryTable, logPrefix } from './log-query-table';

const account = '333333333333';
const distribution = 'E0EXAMPLE0US';
const environment = exampleEnvironment();
const stack = synthConstruct(
  (scope: EstateStack) =>
    new LogQueryTable(scope, 'Queries', {
      name: 'prod-us-edge',
      accountId: account,
      distributionId: distribution,
      bucketName: 'example-prod-edge-logs-us',
      settings: environment.edge,
    }),
);
const table = stack.resource('aws_glue_catalog_table');

/** A row of a log: what the test is about, and values as CloudFront writes them for the rest. */
type Row = Partial<Record<(typeof accessLogFields)[number], string>>;
const usual: Row = {
  date: '2030-01-01',
  time: '12:00:05',
  'x-edge-location': 'ICN57-P1',
  'sc-bytes': '1045',
  'c-ip': '192.0.2.10',
  'cs-method': 'GET',
  'cs(Host)': 'd111111abcdef8.cloudfront.net',
  'cs-uri-stem': '/',
  'sc-status': '200',
  'cs(User-Agent)': 'Mozilla/5.0%20(X11;%20Linux%20x86_64)',
  'x-edge-result-type': 'Miss',
  'x-edge-request-id': 'SOX4xwn4XV6Q4rgb7XiVGOHms_BGlTAC4KyHmureZmBNrjGdRLiNIQ==',
  'x-host-header': 'us.example.com',
  'cs-protocol': 'https',
  'cs-bytes': '23',
  'time-taken': '0.120',
  'ssl-protocol': 'TLSv1.3',
  'ssl-cipher': 'TLS_AES_128_GCM_SHA256',
  'x-edge-response-result-type': 'Miss',
  'cs-protocol-version': 'HTTP/2.0',
  'c-port': '11040',
  'time-to-first-byte': '0.119',
  'x-edge-detailed-result-type': 'Miss',
  'sc-content-type': 'text/html',
  'sc-content-len': '78',
};
/** A file as it is delivered: gzip, two header lines, tabs, and `-` for what a request does not have. */
function logFile(rows: readonly Row[]): Buffer {
  const lines = rows.map((row) => accessLogFields.map((field) => ({ ...usual, ...row })[field] ?? '-').join('\t'));
  return gzipSync(['#Version: 1.0', `#Fields: ${accessLogFields.join(' ')}`, ...lines, ''].join('\n'));
}

let bucket: string;
let connection: DuckDBConnection;

beforeAll(async () => {
  bucket = mkdtempSync(join(tmpdir(), 'access-logs-'));
  const instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
});
afterAll(() => {
  connection.closeSync();
  rmSync(bucket, { recursive: true });
});

/** Puts files below the folders of their hours, `2030/01/01/12`. */
function deliver(hours: Readonly<Record<string, readonly Row[]>>): void {
  rmSync(bucket, { recursive: true });
  for (const [hour, rows] of Object.entries(hours)) {
    const [yyyy, MM, dd, HH] = hour.split('/') as [string, string, string, string];
    const folder = accessLogPath
      .replace('{DistributionId}', distribution)
      .replace('{yyyy}', yyyy)
      .replace('{MM}', MM)
      .replace('{dd}', dd)
      .replace('{HH}', HH);
    const path = join(
      bucket,
      'AWSLogs',
      account,
      'CloudFront',
      folder,
      `${distribution}.${hour.replaceAll('/', '-')}.gz`,
    );
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, logFile(rows));
  }
}

/**
 * The table of the stack in DuckDB: its columns, types, delimiter and partitions as synthesised, over local files instead
 * of the bucket. A value that is not a number is NULL, as Athena's SerDe has it.
 */
async function query(name: string): Promise<Record<string, unknown>[]> {
  const { columns, ser_de_info, location } = table.storage_descriptor as {
    columns: { name: string; type: string }[];
    ser_de_info: { parameters: Record<string, string> };
    location: string;
  };
  const template = (table.parameters as Record<string, string>)['storage.location.template']!;
  const root = location.replace('s3://example-prod-edge-logs-us', bucket);
  // What stands in the place of the partition, from the template.
  const hourOf = template
    .replace('s3://example-prod-edge-logs-us', bucket)
    .replace(`$\${${hourColumn}}`, '([0-9]{4}/[0-9]{2}/[0-9]{2}/[0-9]{2})/');
  const typeOf = { string: 'VARCHAR', int: 'INTEGER', bigint: 'BIGINT', double: 'DOUBLE' } as Record<string, string>;
  const names = columns.map(({ name: column }) => `'${column}': 'VARCHAR'`).join(', ');
  await connection.run('CREATE SCHEMA IF NOT EXISTS prod_us_edge');
  await connection.run(
    `CREATE OR REPLACE VIEW prod_us_edge.access_logs AS SELECT ${columns
      .map(({ name: column, type }) => `TRY_CAST("${column}" AS ${typeOf[type]}) AS "${column}"`)
      .join(', ')}, regexp_extract(filename, '${hourOf}', 1) AS "${hourColumn}"
     FROM read_csv('${root}**/*.gz', delim = '${ser_de_info.parameters['field.delim']}', header = false, quote = '', escape = '',
       null_padding = true, columns = {${names}}, filename = true, auto_detect = false)`,
  );
  // DuckDB's name of Athena's function.
  await connection.run('CREATE OR REPLACE MACRO approx_percentile(x, p) AS approx_quantile(x, p)');
  const sql = stack.resources('aws_athena_named_query').find((each) => each.name === name)!.query as string;
  const reader = await connection.runAndReadAll(sql);
  return reader
    .getRowObjects()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([key, value]) => [
          key,
          typeof value === 'bigint'
            ? Number(value)
            : typeof value === 'object' && value !== null
              ? Number(value)
              : value,
        ]),
      ),
    );
}

test('the table has a column for each delivered field, in their order, with names that need no quotes', () => {
  expect(logColumns).toHaveLength(accessLogFields.length);
  expect(new Set(logColumns.map(({ name }) => name)).size).toBe(accessLogFields.length);
  for (const { name } of logColumns) expect(name).toMatch(/^[a-z][a-z0-9_]*[a-z0-9]$/);
});

test('folders of the table are those of the delivery', () => {
  const { 'storage.location.template': template } = table.parameters as Record<string, string>;
  expect(template).toBe(`s3://example-prod-edge-logs-us/${logPrefix(account, distribution)}$\${hour}`);
  expect(accessLogPath).toBe('{DistributionId}/{yyyy}/{MM}/{dd}/{HH}');
  expect(table.parameters).toMatchObject({
    'projection.hour.format': 'yyyy/MM/dd/HH',
    'projection.hour.range': 'NOW-30DAYS,NOW',
  });
});

test('a query cannot read more than the limit, nor write elsewhere', () => {
  expect(stack.resource('aws_athena_workgroup').configuration).toMatchObject({
    enforce_workgroup_configuration: true,
    bytes_scanned_cutoff_per_query: 10 * 1024 ** 3,
    result_configuration: {
      output_location: 's3://example-prod-edge-logs-us/query-results/',
      expected_bucket_owner: account,
    },
  });
});

test('every query reads named hours only', () => {
  for (const { sql } of logQueries('t', environment.edge.originFailover)) {
    expect(sql).toContain(`hour BETWEEN '${firstHour}' AND '${lastHour}'`);
  }
});

describe('on files as CloudFront delivers them', () => {
  test('edge errors, by status and path; header lines and other days do not count', async () => {
    const error: Row = {
      'sc-status': '502',
      'cs-uri-stem': '/a',
      'x-edge-result-type': 'Error',
      'x-edge-detailed-result-type': 'OriginConnectError',
    };
    deliver({
      '2030/01/01/12': [
        {},
        error,
        error,
        { 'sc-status': '404', 'cs-uri-stem': '/b', 'x-edge-detailed-result-type': 'Error' },
      ],
      '2030/01/02/00': [error],
    });
    expect(await query('edge-errors')).toEqual([
      { sc_status: 502, cs_uri_stem: '/a', x_edge_detailed_result_type: 'OriginConnectError', requests: 2 },
      { sc_status: 404, cs_uri_stem: '/b', x_edge_detailed_result_type: 'Error', requests: 1 },
    ]);
  });

  test('origin 5xx per day leaves out what the cache answered', async () => {
    deliver({
      '2030/01/01/00': [
        {},
        {},
        {},
        { 'sc-status': '503', 'x-edge-result-type': 'Error' },
        { 'x-edge-result-type': 'Hit' },
      ],
      '2030/01/01/23': [{ date: '2030-01-01', time: '23:59:59' }],
      '2029/12/31/23': [{ date: '2029-12-31', 'sc-status': '503', 'x-edge-result-type': 'Error' }],
    });
    expect(await query('origin-5xx-per-day')).toEqual([
      { log_date: '2030-01-01', origin_requests: 5, errors: 1, error_percent: 20 },
    ]);
  });

  test('failover windows are the minutes in which answers came after the wait for the first origin', async () => {
    const slow: Row = { 'time-to-first-byte': '2.410', 'time-taken': '2.411' };
    deliver({
      '2030/01/01/12': [
        {},
        { ...slow, time: '12:01:10' },
        { ...slow, time: '12:01:50' },
        { time: '12:01:55' },
        { ...slow, time: '12:02:10', 'sc-status': '504', 'x-edge-result-type': 'Error' },
        { ...slow, time: '12:03:10', 'cs-method': 'POST' },
      ],
    });
    expect(await query('failover-windows')).toEqual([
      { log_date: '2030-01-01', minute: '12:01', origin_requests: 3, failed_over: 2, errors: 0 },
    ]);
  });

  test('slowest paths, and a path with few requests is left out', async () => {
    const path = (stem: string, taken: string, count: number) =>
      Array.from({ length: count }, (): Row => ({ 'cs-uri-stem': stem, 'time-taken': taken }));
    deliver({
      '2030/01/01/12': [...path('/slow', '1.500', 10), ...path('/fast', '0.100', 20), ...path('/rare', '9.000', 9)],
    });
    expect(await query('slowest-paths')).toEqual([
      { cs_uri_stem: '/slow', requests: 10, p95_sec: 1.5, max_sec: 1.5 },
      { cs_uri_stem: '/fast', requests: 20, p95_sec: 0.1, max_sec: 0.1 },
    ]);
  });
});
