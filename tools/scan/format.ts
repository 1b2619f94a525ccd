import { join } from 'node:path';
import { table } from '@platform/tools/live/table';
import type { Finding, ScanReport } from './judge';

/**
 * The report for people: what fails, by check, and what is waived without need. Empty where all is well.
 * @param folder that was scanned, as the reader should see it
 */
export function formatScan({ failed, stale }: ScanReport, folder: string): string {
  const rowOf = ({ check, stack, address, owner, file }: Finding) => [check, stack, address, owner, join(folder, file)];
  const checks = [...new Map(failed.map(({ check, title }) => [check, title]))];
  return [
    ...(failed.length > 0
      ? [table({ head: ['check', 'stack', 'address', 'owner', 'file'], rows: failed.map(rowOf) }), '']
      : []),
    ...checks.map(([check, title]) => `${check}: ${title}`),
    ...stale.map(
      ({ check, stack, address, owner }) =>
        `stale: ${check} is waived for ${address} of ${stack}, which does not fail it; remove the waiver (owner: ${owner})`,
    ),
  ].join('\n');
}
