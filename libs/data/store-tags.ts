import type { StoreSettings, TableSettings } from '@platform/libs/settings/data-stores';

/** What a store states of itself, where people and audits look: on the store. */
export function storeTags(
  settings: StoreSettings & Partial<Pick<TableSettings, 'conflicts'>>,
): Readonly<Record<string, string>> {
  return {
    writers: settings.writers,
    'rpo-sec': String(settings.objective.rpoSec),
    'rto-sec': String(settings.objective.rtoSec),
    ...(settings.conflicts ? { conflicts: settings.conflicts } : {}),
  };
}
