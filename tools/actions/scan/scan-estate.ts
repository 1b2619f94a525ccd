import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { adoptionLevels } from '@platform/libs/settings/adoption';
import type { WhatIf } from '@platform/libs/settings/environment';
import type { CheckCount } from '@platform/tools/actions/test/count-checks';
import { installPython } from '@platform/tools/python/environment';
import { readEstateJson } from '@platform/tools/actions/routes/estate-json';
import { loadEstate } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { openRunFolder } from '@platform/tools/workspace/run-folder';
import { selectStacks } from '@platform/tools/workspace/select-stacks';
import { checkovPackages } from '@platform/tools/python/checkov-packages';
import { judge, type ScanReport } from './judge';
import { runCheckov } from './run-checkov';
import { runSecurityChecks } from './run-security-checks';
import { exemptTypes, securityChecks } from './security-checks';

export interface ScanOptions {
  /** Workspace root. */
  readonly root: string;
  /** Default: the first of the settings. */
  readonly environment?: string;
  /** Level: the highest, in which everything is switched on. Mode: that of the settings. */
  readonly whatIf?: WhatIf;
  /** Names of projects or stacks, or patterns of these. Default: all. */
  readonly projects?: readonly string[];
  /** Key of the region to whose stacks it is limited. Default: all. */
  readonly region?: string;
  readonly note?: (text: string) => void;
}

/** Folder with the scanned stacks of an environment and the report. */
export function scanFolderOf(root: string, environment: string): string {
  return join(root, 'dist', 'scan', environment);
}

/** Removes blocks that checkov cannot read as a list. They describe no resource. */
function removeLists(file: string): void {
  const { moved: _, import: __, ...configuration } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify(configuration, null, 2));
}

/**
 * Synthesises the estate, runs checkov and the table of security checks on it, and writes `report.json` beside the stacks.
 * Takes 15 s; the first run also 30 s and 300 MB for the installation.
 * @throws WrongUse, PythonPackagesNotInstallable, Error if checkov fails
 */
export async function scanEstate({
  root,
  projects,
  region,
  note = () => {},
  ...options
}: ScanOptions): Promise<ScanReport> {
  const estate = loadEstate(root);
  const selected = selectStacks(root, { names: projects ?? [], ...(region ? { region } : {}) });
  const environment = options.environment ?? Object.keys(estate.settings.environments)[0]!;
  const whatIf = { level: adoptionLevels.at(-1)!, ...options.whatIf };
  const run = openRunFolder(root);
  try {
    const outdir = join(run.path, 'scan');
    const manifest = synthesise({ root, estate, environment, whatIf, outdir });
    for (const { stack } of manifest.stacks) removeLists(join(outdir, 'stacks', stack, 'cdk.tf.json'));
    const python = await installPython(root, checkovPackages, note);
    note(`checkov scans ${manifest.stacks.length} stacks`);
    const files = readEstateJson(root, outdir, manifest);
    const own = manifest.stacks.flatMap(({ stack, waivers }) =>
      runSecurityChecks({ stack, waivers, json: files.get(stack)!.json }, securityChecks, exemptTypes),
    );
    const results = [...(await runCheckov(python, outdir)), ...own];
    const chosen = new Set(selected.of(manifest.stacks).map(({ stack }) => stack));
    const report = judge(manifest, (stack) => files.get(stack)!, results, chosen);
    write(join(outdir, 'report.json'), report);
    run.publish(outdir, scanFolderOf(root, environment));
    write(join(root, 'dist', 'checks', 'scan', `${environment}.json`), countOf(report));
    return report;
  } finally {
    run.remove();
  }
}

/** Counts stacks, like the count of plans. */
function countOf({ stacks, failed, stale }: ScanReport): CheckCount {
  const bad = new Set([...failed, ...stale].map(({ stack }) => stack)).size;
  return { passed: stacks.length - bad, failed: bad };
}

function write(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
