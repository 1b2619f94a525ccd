import type { CacheSettings } from '@platform/libs/settings/cache';
import type { TableSettings } from '@platform/libs/settings/data-stores';
import type { StoreSettings } from '@platform/libs/settings/store';

/** What a store states of itself, where people and audits look: on the store. */
export function storeTags(
  settings: (StoreSettings | Pick<CacheSettings, 'writers' | 'objective'>) & Partial<Pick<TableSettings, 'conflicts'>>,
): Readonly<Record<string, string>> {
  const { writers, objective, conflicts } = settings;
  return {
    writers,
    ...('rpo' in objective ? { rpo: objective.rpo } : { 'rpo-sec': String(objective.rpoSec) }),
    'rto-sec': String(objective.rtoSec),
    ...(conflicts ? { conflicts } : {}),
  };
}
