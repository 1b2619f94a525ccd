import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EstateManifest } from '@platform/tools/actions/synth/synth';
import { findProviderSource, requiredProvider } from '@platform/tools/terraform/provider-source';
import type { Configuration } from '@platform/tools/model/configuration';
import { previewConfigFile, previewOverrideFile } from '@platform/tools/terraform/preview-override';
import { lockFile } from '@platform/tools/terraform/verify-provider';
import { writePreviewFiles } from './preview-stack';
import { upstreamValues } from '@platform/tools/model/upstream-values';

/**
 * Turns a synthesised estate into previews where it lies, for a Terraform that somebody else starts, such as the stock
 * cdktf CLI: the override, upstream states from the contracts' examples, and, where a provider mirror is known that
 * Terraform would not look into by itself, a link in the place where it does.
 */
export function writePreviewsBesideSynth(root: string, outdir: string, manifest: EstateManifest): void {
  const contracts = new Map(manifest.stacks.map(({ stack, contract }) => [stack, contract]));
  for (const { stack, reads } of manifest.stacks) {
    const folder = join(outdir, 'stacks', stack);
    const upstream = new Map(reads.map((name) => [name, upstreamValues(contracts.get(name)!)]));
    const configuration = writePreviewFiles(folder, upstream);
    const source = findProviderSource({
      requirement: requiredProvider(configuration)!,
      configFolder: join(outdir, 'terraform-cli'),
      cwd: root,
    });
    if (source.path && (source.kind === 'found' || source.kind === 'setting')) {
      link(source.path, join(folder, 'terraform.d', 'plugins'));
      const lock = join(root, lockFile);
      if (existsSync(lock)) cpSync(lock, join(folder, lockFile));
      else writeFileSync(join(folder, lockFile), lockedVersion(configuration));
    }
  }
}

/** Takes the previews' files away again, so that the folders hold what is applied. */
export function removePreviewsBesideSynth(outdir: string, { stacks }: EstateManifest): void {
  for (const { stack } of stacks) {
    for (const name of [previewOverrideFile, previewConfigFile, 'upstream', 'terraform.d', lockFile]) {
      rmSync(join(outdir, 'stacks', stack, name), { recursive: true, force: true });
    }
  }
}

/**
 * A lock file that states the version and leaves the checksum to `init`. Without one the cdktf CLI asks the registry for
 * the checksums of other platforms, which a machine that works from a mirror may not reach.
 */
function lockedVersion(configuration: Configuration): string {
  const { source, version } = requiredProvider(configuration)!;
  return `provider "registry.terraform.io/${source}" {\n  version     = "${version}"\n  constraints = "${version}"\n}\n`;
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path, 'dir');
}
