import { table } from '@platform/tools/session/table';
import type { ScanReport } from './judge';

/** The report for people: what fails, by check, and what is waived without need. Empty where all is well. */
export function formatScan({ failed, stale }: ScanReport): string {
  const rows = failed.map(({ check, stack, address, owner, source }) => [check, stack, address, owner, source]);
  const checks = [...new Map(failed.map(({ check, title }) => [check, title]))];
  return [
    ...(failed.length > 0 ? [table({ head: ['check', 'stack', 'address', 'owner', 'file'], rows }), ''] : []),
    ...checks.map(([check, title]) => `${check}: ${title}`),
    ...stale.map(
      ({ check, stack, address, owner }) =>
        `stale: ${check} is waived for ${address} of ${stack}, which does not fail it; remove the waiver (owner: ${owner})`,
    ),
  ].join('\n');
}
