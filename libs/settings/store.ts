import { section, whole, type Settings } from './schema';

/** Which regions may write in normal operation: one region, or all of them at once. */
export const writers = ['single-writer', 'multi-writer'] as const;
export type Writers = (typeof writers)[number];

/** What may be lost, and for how long, when a region is lost. */
export function objective(least: { readonly rpoSec: number; readonly rtoSec: number }) {
  return section('What may be lost, and for how long, when a region is lost. Alarms and tags of the store carry it.', {
    rpoSec: whole({
      is: 'Writes that may be lost when a region is lost without warning.',
      unit: 's',
      from: least.rpoSec,
      to: 31_536_000,
    }),
    rtoSec: whole({
      is: 'Time until the store takes writes in another region, counted from the decision to fail over.',
      unit: 's',
      from: least.rtoSec,
      to: 31_536_000,
    }),
  });
}

/** Replication between regions is asynchronous, so a loss of 0 s cannot be guaranteed. */
export const asynchronous = { rpoSec: 1, rtoSec: 0 } as const;

/** What may be lost, and for how long, when a region is lost. */
export type StoreObjective = Settings<ReturnType<typeof objective>>;

/** What every data store states of itself. */
export interface StoreSettings {
  readonly writers: Writers;
  readonly objective: StoreObjective;
}
