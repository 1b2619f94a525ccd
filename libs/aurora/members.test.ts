import { exampleOrganisation } from '@platform/libs/testing/example-settings';
import { findDeadProps } from '@platform/libs/testing/find-dead-props';
import { synthConstruct } from '@platform/libs/testing/synth-stack';
import type { Block } from '@platform/libs/testing/synthesised-stack';
import type { EstateStack } from '@platform/libs/stack/estate-stack';
import { Alarms } from '@platform/libs/observability/alarms';
import { AuroraMember, type AuroraMemberProps } from './aurora-member';
import { PostgresInstance, type PostgresInstanceProps } from './postgres-instance';

const { database } = exampleOrganisation.environments.prod.dataStores;
const placed = {
  name: 'prod-database-us',
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroupId: 'sg-1',
  kmsKeyArn: 'arn:key',
  role: 'primary',
  secretArn: 'arn:secret',
  maintenanceWindow: 'sun:07:00-sun:10:00',
  applyChanges: 'in-window',
} as const;
const aurora: Omit<AuroraMemberProps, 'alarms'> = {
  ...placed,
  subnetIds: [...placed.subnetIds],
  settings: database,
  globalClusterId: 'prod-database',
  sourceAwsRegion: 'us-east-1',
  instances: 2,
};
const { instances: _instances, writeForwarding: _forwarding, enforcedRpoSec: _rpo, ...shared } = database;
const postgres: Omit<PostgresInstanceProps, 'alarms'> = {
  ...placed,
  subnetIds: [...placed.subnetIds],
  settings: { ...shared, engine: 'rds-postgresql', storageGib: 100, storageLimitGib: 500 },
  replicationSourceArn: 'arn:source',
};
const alarms = (stack: EstateStack) =>
  new Alarms(stack, 'Alarms', { name: 'database', accountId: '1', kmsKeyArn: 'key' });
const synthAurora = (props: Partial<AuroraMemberProps> = {}) =>
  synthConstruct((stack) => new AuroraMember(stack, 'Database', { ...aurora, alarms: alarms(stack), ...props }));
const synthPostgres = (props: Partial<PostgresInstanceProps> = {}) =>
  synthConstruct((stack) => new PostgresInstance(stack, 'Database', { ...postgres, alarms: alarms(stack), ...props }));
const json = (stack: { json: unknown }) => JSON.stringify(stack.json);

/** The name is made when the database is, and never again: a database that is made anew leaves another snapshot. */
function expectNameOfItsOwn(block: Block) {
  expect(block['final_snapshot_identifier']).toMatch(/^prod-database-us-final-\$\{formatdate\(.*timestamp\(\)\)\}$/);
  expect(block['lifecycle'].ignore_changes).toContain('final_snapshot_identifier');
}

describe('an Aurora member', () => {
  test('ignores what AWS changes in a failover', () => {
    expect(synthAurora().resource('aws_rds_cluster').lifecycle.ignore_changes).toEqual(
      expect.arrayContaining([
        'global_cluster_identifier',
        'replication_source_identifier',
        'source_region',
        'engine_version',
        'master_username',
        'master_password_wo_version',
      ]),
    );
    for (const instance of synthAurora().resources('aws_rds_cluster_instance')) {
      expect(instance.lifecycle.ignore_changes).toContain('engine_version');
    }
  });

  test('names no zone, and leaves an instance in the zone that it has', () => {
    for (const instance of synthAurora({ instances: 3 }).resources('aws_rds_cluster_instance')) {
      expect(instance).not.toHaveProperty('availability_zone');
      expect(instance.lifecycle.ignore_changes).toContain('availability_zone');
    }
  });

  test('does not name the writer: instances differ in name and window only', () => {
    const [a, b] = synthAurora().resources('aws_rds_cluster_instance');
    const same = { identifier: '', preferred_maintenance_window: '' };
    expect({ ...a, ...same }).toEqual({ ...b, ...same });
  });

  test('gets the password only in the region that is created first, as a write-only argument', () => {
    const primary = synthAurora();
    expect(primary.resource('aws_rds_cluster').master_password_wo).toBe(
      '${jsondecode(ephemeral.aws_secretsmanager_secret_version.DatabaseAdministrator.secret_string).password}',
    );
    expect(json(primary)).not.toContain('"master_password"');
    const standby = synthAurora({ role: 'standby' });
    for (const argument of ['master_username', 'master_password_wo', 'database_name']) {
      expect(standby.resource('aws_rds_cluster')).not.toHaveProperty(argument);
    }
    expect(json(standby)).not.toContain('ephemeral');
  });

  test('as a standby names the source region of encrypted data, so that the request is signed for it', () => {
    expect(synthAurora({ role: 'standby' }).resource('aws_rds_cluster').source_region).toBe('us-east-1');
    expect(synthAurora().resource('aws_rds_cluster')).not.toHaveProperty('source_region');
  });

  test('is maintained one part after the other, in the window of its region', () => {
    const stack = synthAurora();
    const windows = [...stack.resources('aws_rds_cluster'), ...stack.resources('aws_rds_cluster_instance')].map(
      (block) => block.preferred_maintenance_window as string,
    );
    expect(windows).toEqual(['sun:07:00-sun:07:30', 'sun:07:30-sun:08:00', 'sun:08:00-sun:08:30']);
  });

  test('changes in its window, and at once only if the settings say so', () => {
    const immediately = (applyChanges: 'in-window' | 'now') => {
      const stack = synthAurora({ applyChanges });
      return [...stack.resources('aws_rds_cluster'), ...stack.resources('aws_rds_cluster_instance')].map(
        (block) => block.apply_immediately as boolean,
      );
    };
    expect(immediately('in-window')).toEqual([false, false, false]);
    expect(immediately('now')).toEqual([true, true, true]);
  });

  test('has the same addresses in both roles', () => {
    expect(synthAurora().addresses()).toEqual(synthAurora({ role: 'standby' }).addresses());
  });

  test('leaves a final snapshot and its backups whether or not AWS protects it from deletion', () => {
    for (const protection of ['protected', 'disposable'] as const) {
      const cluster = synthAurora({ settings: { ...database, protection } }).resource('aws_rds_cluster');
      expect(cluster).toMatchObject({
        deletion_protection: protection === 'protected',
        skip_final_snapshot: false,
        delete_automated_backups: false,
      });
      expectNameOfItsOwn(cluster);
    }
    const gone = { ...database, protection: 'disposable', afterDestroy: 'gone' } as const;
    expect(synthAurora({ settings: gone }).resource('aws_rds_cluster')).toMatchObject({
      skip_final_snapshot: true,
      delete_automated_backups: true,
    });
  });

  test('is encrypted with the key of its region, in storage, insights and log', () => {
    const stack = synthAurora();
    expect(stack.resource('aws_rds_cluster')).toMatchObject({ storage_encrypted: true, kms_key_id: 'arn:key' });
    expect(stack.resource('aws_cloudwatch_log_group').kms_key_id).toBe('arn:key');
    for (const instance of stack.resources('aws_rds_cluster_instance')) {
      expect(instance).toMatchObject({ publicly_accessible: false, performance_insights_kms_key_id: 'arn:key' });
    }
  });

  test('bounds the lag in the primary region only, so that it accepts writes when it is the last one', () => {
    const parametersOf = (role: 'primary' | 'standby') =>
      JSON.stringify(synthAurora({ role }).resource('aws_rds_cluster_parameter_group').parameter);
    expect(parametersOf('primary')).toContain('rds.global_db_rpo');
    expect(parametersOf('standby')).not.toContain('rds.global_db_rpo');
  });

  test('without instances keeps its storage', () => {
    const stack = synthAurora({ instances: 0 });
    expect(stack.count('aws_rds_cluster')).toBe(1);
    expect(stack.count('aws_rds_cluster_instance')).toBe(0);
  });

  test('uses every prop and every setting', () => {
    const other = {
      ...aurora,
      name: 'other',
      subnetIds: ['subnet-3'],
      securityGroupId: 'sg-2',
      kmsKeyArn: 'arn:other',
      role: 'standby' as const,
      secretArn: 'arn:other',
      maintenanceWindow: 'sat:07:00-sat:10:00',
      applyChanges: 'now' as const,
      globalClusterId: 'other',
      sourceAwsRegion: 'eu-west-1',
      instances: 1,
      settings: { ...database, engineVersion: '17.4' },
    };
    const build = (stack: EstateStack, props: typeof aurora) =>
      new AuroraMember(stack, 'Database', { ...props, alarms: alarms(stack) });
    // Only a standby has a source region.
    expect(findDeadProps(aurora, other, build)).toEqual(['sourceAwsRegion']);
    const standby: typeof aurora = { ...aurora, role: 'standby' };
    expect(findDeadProps(standby, { ...other, role: 'primary' }, build)).toEqual(['secretArn']);
    const { engine: _e, writers: _w, instances: _i, ...used } = database;
    const seconds = {
      engineVersion: '17.4',
      databaseName: 'other',
      masterUsername: 'other',
      instanceClass: 'db.r6g.xlarge',
      objective: { rpoSec: 61, rtoSec: 901 },
      writeForwarding: 'on',
      enforcedRpoSec: 30,
      protection: 'disposable',
      afterDestroy: 'gone',
      backupRetentionDays: 8,
      backupWindow: '01:00-02:00',
      logRetentionDays: 7,
    } as const;
    expect(
      findDeadProps<object>(used, seconds, (stack, settings) => {
        new AuroraMember(stack, 'Database', {
          ...aurora,
          alarms: alarms(stack),
          settings: { ...database, ...settings },
        });
      }),
    ).toEqual([]);
  });
});

describe('an RDS instance', () => {
  test('is created with the password in the primary region, and as a replica in the others', () => {
    expect(synthPostgres().resource('aws_db_instance')).toMatchObject({
      username: database.masterUsername,
      multi_az: true,
    });
    expect(synthPostgres().resource('aws_db_instance').replicate_source_db).toBeUndefined();
    const replica = synthPostgres({ role: 'standby' }).resource('aws_db_instance');
    expect(replica.replicate_source_db).toBe('arn:source');
    expect(replica).not.toHaveProperty('password_wo');
  });

  test('ignores what a promotion changes', () => {
    expect(synthPostgres().resource('aws_db_instance').lifecycle.ignore_changes).toEqual(
      expect.arrayContaining(['replicate_source_db', 'username', 'password_wo_version']),
    );
  });

  test('is maintained in the window of its region, and changed at once only if the settings say so', () => {
    expect(synthPostgres().resource('aws_db_instance')).toMatchObject({
      maintenance_window: 'sun:07:00-sun:10:00',
      apply_immediately: false,
    });
    expect(synthPostgres({ applyChanges: 'now' }).resource('aws_db_instance').apply_immediately).toBe(true);
  });

  test('leaves a final snapshot of its own name; AWS makes none of a replica and refuses a name for it', () => {
    const primary = synthPostgres().resource('aws_db_instance');
    expect(primary).toMatchObject({ skip_final_snapshot: false, delete_automated_backups: false });
    expectNameOfItsOwn(primary);
    const replica = synthPostgres({ role: 'standby' }).resource('aws_db_instance');
    expect(replica).toMatchObject({ skip_final_snapshot: true, delete_automated_backups: false });
  });

  test('is encrypted and never public', () => {
    expect(synthPostgres().resource('aws_db_instance')).toMatchObject({
      storage_encrypted: true,
      kms_key_id: 'arn:key',
      publicly_accessible: false,
    });
  });

  test('uses every prop', () => {
    const other = {
      ...postgres,
      name: 'other',
      subnetIds: ['subnet-3'],
      securityGroupId: 'sg-2',
      kmsKeyArn: 'arn:other',
      role: 'standby' as const,
      secretArn: 'arn:other',
      maintenanceWindow: 'sat:07:00-sat:10:00',
      applyChanges: 'now' as const,
      settings: { ...postgres.settings, storageLimitGib: 600 },
    };
    expect(
      findDeadProps(postgres, { ...other, replicationSourceArn: postgres.replicationSourceArn }, (stack, props) => {
        new PostgresInstance(stack, 'Database', { ...props, alarms: alarms(stack) });
      }),
    ).toEqual(['replicationSourceArn']);
    const replica = { ...postgres, role: 'standby' as const };
    expect(json(synthPostgres({ ...replica, replicationSourceArn: 'arn:other' }))).not.toBe(
      json(synthPostgres(replica)),
    );
  });
});
