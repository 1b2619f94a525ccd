import { exampleEnvironment } from '@platform/libs/testing/example-settings';
import { databaseAccess, databaseUserOf, storesAccess } from './data-access';

const database = {
  clientSecurityGroupId: 'sg-1',
  clusterEndpoint: 'member.example',
  readerEndpoint: 'reads.example',
  port: '5432',
  databaseName: 'app',
  resourceId: 'cluster-1',
};
const place = { awsRegion: 'us-east-1', accountId: '222222222222' };
const variablesOf = (...[engine, role]: ['aurora-global' | 'rds-postgresql', 'primary' | 'standby']) =>
  databaseAccess(place, database, 'app', { engine, role, endpoint: engine === 'aurora-global' ? 'global.example' : '' })
    .variables;

test.each([
  ['aurora-global', 'primary', 'global.example:5432'],
  ['aurora-global', 'standby', 'global.example:5432'],
  ['rds-postgresql', 'primary', 'member.example:5432'],
  ['rds-postgresql', 'standby', undefined],
] as const)('with %s, the writer of a %s is at %s', (engine, role, writer) => {
  const variables = variablesOf(engine, role);
  expect(variables['DATABASE_WRITER']).toBe(writer);
  expect('DATABASE_WRITER' in variables).toBe(writer !== undefined);
  expect(variables['DATABASE']).toBe('reads.example:5432');
});

test('the user is the name of the application, as PostgreSQL takes it without quotes', () => {
  expect(databaseUserOf('order-history')).toBe('order_history');
});

test.each([
  [undefined, ['Tables', 'Objects', 'Buckets', 'StoresKey']],
  [{ database: 'none', cache: 'none', tables: 'all', buckets: [] }, ['Tables', 'StoresKey']],
  [{ database: 'none', cache: 'none', tables: [], buckets: ['documents'] }, ['Objects', 'Buckets', 'StoresKey']],
  [{ database: 'none', cache: 'none', tables: [], buckets: [] }, []],
] as const)('with uses %j, the role may do %j', (uses, sids) => {
  const stores = { keyArn: 'key', tableArns: {}, bucketNames: {} };
  const { permissions } = storesAccess(place, exampleEnvironment().dataStores, uses, stores);
  expect(permissions.map(({ sid }) => sid)).toEqual(sids);
});
