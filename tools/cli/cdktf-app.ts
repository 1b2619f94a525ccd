/**
 * The `app` of the root `cdktf.json`: the whole estate, for people who use the stock cdktf CLI. It synthesises what
 * `npx platform synth` does; where there are no AWS credentials, `cdktf diff` becomes an offline preview,
 * and elsewhere a plan against the real state, by the deploy role of the stack's account. It knows no plan records: apply
 * with `npx platform deploy`. A preview has a local state and no credentials, so `cdktf deploy` of one is refused.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isWrongUse, WrongUse } from '@platform/libs/settings/problem';
import { environmentFromProcess } from '@platform/libs/stack/run-stacks';
import { removePreviewsBesideSynth, writePreviewsBesideSynth } from '@platform/tools/actions/plan/preview-beside-synth';
import {
  removeOverridesBesideSynth,
  writeOverridesBesideSynth,
} from '@platform/tools/actions/synth/override-beside-synth';
import { loadSettings } from '@platform/tools/workspace/load-estate';
import { synthesise } from '@platform/tools/actions/synth/synth';
import type { Configuration } from '@platform/tools/model/configuration';
import { targetFromProcess } from '@platform/tools/terraform/target';
import { findRoot } from '@platform/tools/workspace/find-root';
import { ancestors, callsOfPreview, changingVerb, isPlanning } from './cdktf-verb';

try {
  const root = findRoot();
  const outdir = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
  const target = targetFromProcess(process.env);
  const environment = environmentFromProcess(loadSettings(root).settings, process.env);
  const { name, level, mode } = environment;
  const changing = target === 'preview' ? changingVerb(ancestors()) : undefined;
  if (changing) {
    const { verb, ours } = changing;
    const lines = [
      `cdktf ${verb}: without AWS credentials the stacks are previews, with a local state and example values; nothing was changed. Run:`,
      ...(ours === 'deploy' ? [`  npx platform plan --target aws -c ${name}`] : []),
      `  npx platform ${ours} --target aws -c ${name}`,
    ];
    throw new WrongUse(lines.join('\n'));
  }
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  if (target === 'emulator' && !endpoint) {
    throw new WrongUse('AWS_ENDPOINT_URL: no emulator is named; npx platform emulator start prints the address of one');
  }
  const manifest = synthesise({ root, environment: name, whatIf: { level, mode }, outdir });
  if (target === 'preview') {
    const configurations = manifest.stacks.map(({ stack }): [string, Configuration] => {
      const file = join(outdir, 'stacks', stack, 'cdk.tf.json');
      return [stack, JSON.parse(readFileSync(file, 'utf8')) as Configuration];
    });
    const calls = isPlanning(ancestors()) ? callsOfPreview(new Map(configurations), process.env) : [];
    if (calls.length > 0) throw new WrongUse(calls.join('\n'));
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
