/**
 * The `app` of the root `cdktf.json`: the whole estate, for people who use the stock cdktf CLI. It synthesises what
 * `npx platform synth` does; where there are no AWS credentials, `cdktf diff` becomes an offline preview,
 * and elsewhere a plan against the real state, by the deploy role of the stack's account. It knows nothing of reviews:
 * what is applied is applied by `npx platform deploy`.
 */
import { isWrongUse, WrongUse } from '@platform/libs/settings/problem';
import { environmentFromProcess } from '@platform/libs/stack/run-stacks';
import { removePreviewsBesideSynth, writePreviewsBesideSynth } from '@platform/tools/actions/plan/preview-beside-synth';
import {
  removeOverridesBesideSynth,
  writeOverridesBesideSynth,
} from '@platform/tools/actions/synth/override-beside-synth';
import { loadSettings } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import { targetFromProcess } from '@platform/tools/terraform/target';
import { findRoot } from '@platform/tools/workspace/find-root';

try {
  const root = findRoot();
  const outdir = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
  const target = targetFromProcess(process.env);
  const environment = environmentFromProcess(loadSettings(root).settings, process.env);
  const { name, level, mode } = environment;
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  if (target === 'emulator' && !endpoint) {
    throw new WrongUse('AWS_ENDPOINT_URL: no emulator is named; npx platform emulator start prints the address of one');
  }
  const manifest = synthesise({ root, environment: name, whatIf: { level, mode }, outdir });
  if (target === 'preview') {
    removeOverridesBesideSynth(outdir, manifest);
    writePreviewsBesideSynth(root, outdir, manifest);
  } else {
    removePreviewsBesideSynth(outdir, manifest);
    const emulator = target === 'emulator' ? { endpoint: endpoint! } : undefined;
    writeOverridesBesideSynth(outdir, manifest, environment, emulator);
  }
} catch (error) {
  if (!isWrongUse(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error.exitCode;
}
