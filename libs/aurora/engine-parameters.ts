import type { AuroraGlobalSettings, DatabaseSettings } from '@platform/libs/settings/database';

/** One parameter as the provider takes it. `pending-reboot` is for parameters that PostgreSQL reads at start only. */
export interface EngineParameter {
  readonly name: string;
  readonly value: string;
  readonly applyMethod: 'immediate' | 'pending-reboot';
}

/** Family of a parameter group: `aurora-postgresql16` for version 16.9. */
export function parameterFamily({ engine, engineVersion }: Pick<DatabaseSettings, 'engine' | 'engineVersion'>): string {
  return `${engine === 'aurora-global' ? 'aurora-postgresql' : 'postgres'}${majorVersion(engineVersion)}`;
}

/** `16` of `16.9`. */
export function majorVersion(engineVersion: string): string {
  return engineVersion.split('.')[0]!;
}

/**
 * Cluster parameters: TLS required, schema changes and slow statements in the log, and the lag bound. Set the bound for
 * the primary region's member only: after a failover the new writer has no other member that keeps up, and would stop
 * committing.
 */
export function clusterParameters({ enforcedRpoSec }: Pick<AuroraGlobalSettings, 'enforcedRpoSec'>): EngineParameter[] {
  return [
    { name: 'rds.force_ssl', value: '1', applyMethod: 'immediate' },
    { name: 'log_statement', value: 'ddl', applyMethod: 'immediate' },
    { name: 'log_min_duration_statement', value: '1000', applyMethod: 'immediate' },
    ...(enforcedRpoSec === undefined
      ? []
      : [{ name: 'rds.global_db_rpo', value: String(enforcedRpoSec), applyMethod: 'immediate' } as const]),
  ];
}

/** Instance parameters: lock waits in the log, and a limit on transactions that a lost client left open. */
export function instanceParameters(): EngineParameter[] {
  return [
    { name: 'log_lock_waits', value: '1', applyMethod: 'immediate' },
    { name: 'idle_in_transaction_session_timeout', value: '300000', applyMethod: 'immediate' },
  ];
}
