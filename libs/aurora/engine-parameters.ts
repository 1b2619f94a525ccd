import type { AuroraGlobalSettings, DatabaseSettings } from '@platform/libs/settings/database';

/** One parameter as the provider takes it. `pending-reboot` is for those that PostgreSQL reads only when it starts. */
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
 * Parameters that hold for a whole member: no connection without TLS, statements that change the schema and slow ones in
 * the log, and the bound on the lag. Give the bound to the primary region's member only: one that took over because the other region is
 * lost has nobody to keep up with it, and would stop committing.
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

/** Parameters of each instance: waits for locks in the log, and no transaction that is left open by a lost client. */
export function instanceParameters(): EngineParameter[] {
  return [
    { name: 'log_lock_waits', value: '1', applyMethod: 'immediate' },
    { name: 'idle_in_transaction_session_timeout', value: '300000', applyMethod: 'immediate' },
  ];
}
