import type { CacheSettings } from '@platform/libs/settings/cache';
import type { TableSettings } from '@platform/libs/settings/data-stores';
import type { StoreSettings } from '@platform/libs/settings/store';

/** Tags that state a store's writers and objective on the store itself. */
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
