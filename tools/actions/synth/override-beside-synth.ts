import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '@platform/libs/settings/environment';
import type { Configuration } from '@platform/tools/model/configuration';
import type { EstateManifest } from './synth';
import { awsOverride, liveOverrideFile } from '@platform/tools/aws/live-override';
import { emulatorOverride } from '@platform/tools/emulator/emulator-override';
import type { Emulator } from '@platform/tools/emulator/profile';

/**
 * Makes a synthesised estate work against real states where it lies, for a Terraform that somebody else starts, such as
 * the stock cdktf CLI: each provider and backend gets the role that it has to assume in its own account. Providers find
 * an emulator by the caller's `AWS_ENDPOINT_URL`.
 * @param emulator where the states are; in AWS when absent
 */
export function writeOverridesBesideSynth(
  outdir: string,
  { stacks }: EstateManifest,
  environment: Environment,
  emulator?: Pick<Emulator, 'endpoint'>,
): void {
  for (const description of stacks) {
    const folder = join(outdir, 'stacks', description.stack);
    const configuration = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')) as Configuration;
    const override = emulator
      ? emulatorOverride(configuration, emulator)
      : awsOverride({ configuration, environment, description });
    writeFileSync(join(folder, liveOverrideFile), JSON.stringify(override, null, 2));
  }
}

/** Takes the overrides away again. */
export function removeOverridesBesideSynth(outdir: string, { stacks }: EstateManifest): void {
  for (const { stack } of stacks) rmSync(join(outdir, 'stacks', stack, liveOverrideFile), { force: true });
}
