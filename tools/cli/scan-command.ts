import { join, relative } from 'node:path';
import { formatScan } from '@platform/tools/actions/scan/format';
import { scanEstate, scanFolderOf } from '@platform/tools/actions/scan/scan-estate';
import { findRoot } from '@platform/tools/workspace/find-root';
import { chosenEnvironment, type EstateOptions } from './estate-options';
import { print, talk } from './output';

/** Runs the security checks on every stack at the highest level; prints failures that are not waived. */
export async function scanCommand(projects: string[], options: EstateOptions): Promise<number> {
  const root = findRoot();
  const report = await scanEstate({
    root,
    projects,
    ...(options.region ? { region: options.region } : {}),
    ...chosenEnvironment(options),
    note: talk,
  });
  const { environment, level, mode, passed, failed, waived, stale } = report;
  const folder = relative(process.cwd(), scanFolderOf(root, environment));
  const said = options.json ? JSON.stringify(report, null, 2) : formatScan(report);
  if (said) print(said);
  const bad = failed.length + stale.length;
  if (failed.length > 0) talk('fix each finding, or waive it beside the construct (libs/stack/waive.ts)');
  talk(
    `${passed} checks passed, ${waived.length} are waived, ${failed.length} failed` +
      `${stale.length > 0 ? `, ${stale.length} waivers are stale` : ''}; environment ${environment}, level ${level}, ` +
      `${mode}; details in ${join(folder, 'report.json')}`,
  );
  return bad > 0 ? 1 : 0;
}
