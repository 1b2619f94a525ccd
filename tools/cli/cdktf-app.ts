/**
 * The `app` of the root `cdktf.json`: the whole estate, for people who use the stock cdktf CLI. It synthesises what
 * `npm run synth` does; where there are no AWS credentials, `cdktf diff` becomes an offline preview.
 */
import { WrongUse } from '@platform/libs/settings/problem';
import { environmentFromProcess } from '@platform/libs/stack/run-stacks';
import { removePreviewsBesideSynth, writePreviewsBesideSynth } from '@platform/tools/preview/preview-beside-synth';
import { loadSettings } from '@platform/tools/synth/load-estate';
import { synthesise } from '@platform/tools/synth/synth';
import { targetFromProcess } from '@platform/tools/terraform/target';
import { findRoot } from '@platform/tools/workspace/find-root';

try {
  const root = findRoot();
  const outdir = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
  const target = targetFromProcess(process.env);
  const { name, level, mode } = environmentFromProcess(loadSettings(root).settings, process.env);
  const manifest = synthesise({ root, environment: name, whatIf: { level, mode }, outdir });
  if (target === 'preview') writePreviewsBesideSynth(root, outdir, manifest);
  else removePreviewsBesideSynth(outdir, manifest);
} catch (error) {
  if (!(error instanceof WrongUse)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
