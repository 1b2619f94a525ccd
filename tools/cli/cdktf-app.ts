/**
 * The `app` of the root `cdktf.json`: the whole estate, for people who use the stock cdktf CLI. It synthesises what
 * `npm run synth` does; where there are no AWS credentials, `cdktf diff` becomes an offline preview.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { environmentFromProcess } from '@platform/libs/stack/run-stacks';
import { SettingsError } from '@platform/libs/settings/problem';
import { removePreviewsBesideSynth, writePreviewsBesideSynth } from '@platform/tools/preview/preview-beside-synth';
import { targetFromProcess } from '@platform/tools/terraform/target';
import { EstateLoadError, loadEstate } from '@platform/tools/synth/load-estate';
import { synthesise } from '@platform/tools/synth/synth';

const root = findRoot(process.cwd());
const outdir = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
try {
  const target = targetFromProcess(process.env);
  const estate = loadEstate(root);
  const { name, level, mode } = environmentFromProcess(estate.settings, process.env);
  const manifest = synthesise({ root, estate, environment: name, whatIf: { level, mode }, outdir });
  if (target === 'preview') writePreviewsBesideSynth(root, outdir, manifest);
  else removePreviewsBesideSynth(outdir, manifest);
} catch (error) {
  if (!(error instanceof SettingsError || error instanceof EstateLoadError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

function findRoot(folder: string): string {
  if (existsSync(join(folder, 'infra.config.ts'))) return folder;
  if (dirname(folder) === folder) throw new Error('no infra.config.ts here or above; run this inside the workspace');
  return findRoot(dirname(folder));
}
